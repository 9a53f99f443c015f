import Samples
import Storage

/// Integers of an array, or of a file without a header, read in order.
final class StoredIntegers {
  /// The file or array, as the user named it.
  let name: String
  let type: ElementType
  /// How many have been read.
  private(set) var done = 0
  /// How many there are; nil if only the end of the data tells.
  let count: Int?
  private let source: any ByteSource

  /// - Parameter count: how many to read; what follows them is left alone.
  init(_ source: any ByteSource, name: String, type: ElementType, count: Int?) {
    (self.source, self.name, self.type, self.count) = (source, name, type, count)
  }

  var consumedBytes: Int { source.consumedBytes }

  /// Reads the next integers and returns how many; fewer than asked for only at the end. Values too large for Int64
  /// become its maximum.
  ///
  /// Throws ``StreamError`` if bytes are missing.
  func read(into integers: UnsafeMutableBufferPointer<Int64>) throws -> Int {
    let wanted = min(integers.count, count.map { $0 - done } ?? .max)
    guard wanted > 0 else { return 0 }
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted * type.width, alignment: 8)
    defer { raw.deallocate() }
    let got = try source.fill(raw)
    let whole = got / type.width
    if let count, whole < wanted {
      throw StreamError(
        .truncated, file: name, position: "the end", expected: "\(count) integers of type \(type.name)",
        found: "\(done + whole)", advice: "the file was cut short: write it again, or copy it again")
    }
    if got % type.width != 0 { throw Self.leftOver(got % type.width, of: type, in: name) }
    let elements = UnsafeMutableRawBufferPointer(rebasing: raw[..<(whole * type.width)])
    type.makeNative(elements)
    type.widen(UnsafeRawBufferPointer(elements), into: UnsafeMutableBufferPointer(rebasing: integers[..<whole]))
    done += whole
    return whole
  }

  /// The error for a headerless file of integers that ends inside one.
  static func leftOver(_ bytes: Int, of type: ElementType, in name: String) -> StreamError {
    StreamError(
      .truncated, file: name, position: "the end", expected: "\(type.width) bytes for each token id",
      found: "\(bytes) left over", advice: "check --token-type, or copy the file again")
  }
}

extension ElementType {
  /// Widens native integers of this type; values too large for Int64 become its maximum.
  ///
  /// `elements` and `integers` hold the same number of elements.
  func widen(_ elements: UnsafeRawBufferPointer, into integers: UnsafeMutableBufferPointer<Int64>) {
    switch (kind, width) {
    case (.signed, 1): Self.widen(Int8.self, elements, integers)
    case (.signed, 2): Self.widen(Int16.self, elements, integers)
    case (.signed, 4): Self.widen(Int32.self, elements, integers)
    case (.signed, _): Self.widen(Int64.self, elements, integers)
    case (_, 1): Self.widen(UInt8.self, elements, integers)
    case (_, 2): Self.widen(UInt16.self, elements, integers)
    case (_, 4): Self.widen(UInt32.self, elements, integers)
    default: Self.widen(UInt64.self, elements, integers)
    }
  }

  private static func widen<Element: FixedWidthInteger & BitwiseCopyable>(
    _: Element.Type, _ elements: UnsafeRawBufferPointer, _ integers: UnsafeMutableBufferPointer<Int64>
  ) {
    for index in integers.indices {
      let place = index * MemoryLayout<Element>.size
      integers[index] = Int64(clamping: elements.loadUnaligned(fromByteOffset: place, as: Element.self))
    }
  }
}
