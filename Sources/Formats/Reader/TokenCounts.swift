import Samples
import Storage
import Support

/// The integers of a token file without a header.
public enum TokenWidth: String, Sendable, CaseIterable {
  case uint16
  case uint32

  var element: ElementType { ElementType(kind: .unsigned, width: self == .uint16 ? 2 : 4) }
}

/// How often each token id occurs in files: of token ids, or of streams, of which labels count and features are passed over.
///
/// A file holds NPY arrays of integers one after another, or an embedding stream, or, without a header, little-endian
/// integers; each plain or in Zstandard frames. Memory grows with the token ids seen.
public struct TokenCounts: Sendable {
  public private(set) var samples = 0
  /// By token id, of ids as vocabularies have them, as far as they were seen.
  private var common: [Int] = []
  /// Of larger ids.
  private var others: [Int32: Int] = [:]

  private static let mostCommon = 1 << 20

  public init() {}

  public mutating func add(_ tokens: UnsafeBufferPointer<Int32>) {
    for token in tokens { add(1, of: token) }
  }

  public mutating func add(_ other: TokenCounts) {
    for (token, count) in other.counts { add(count, of: token) }
  }

  private mutating func add(_ count: Int, of token: Int32) {
    samples += count
    let index = Int(token)
    if index >= common.count {
      guard (0..<Self.mostCommon).contains(index) else {
        others[token, default: 0] += count
        return
      }
      common += Array(repeating: 0, count: max(index + 1 - common.count, common.count))
    }
    common[index] += count
  }

  /// Of every token id that occurs, ascending.
  public var counts: [(token: Int32, count: Int)] {
    common.enumerated().filter { $0.element > 0 }.map { (Int32($0.offset), $0.element) }
      + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A line a token, ascending: `token,count`.
  public var csv: String { "token,count\n" + counts.map { "\($0.token),\($0.count)\n" }.joined() }

  /// Adds what a file holds; `-` is standard input.
  ///
  /// - Parameters:
  ///   - width: of the integers where the file has no header.
  ///   - progress: is told the bytes taken so far.
  /// Throws ``StreamError`` that names the place of what is no token id.
  public mutating func add(
    file name: String, width: TokenWidth?, threads: Int = 1, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let file = try FileBytes(name: name)
    let isCompressed = ZstdBytes.recognizes(try file.peek(4))
    let source: ByteSource
    if isCompressed {
      source =
        threads > 1 ? ParallelZstdBytes(file, threads: threads, pool: BufferPool()) as ByteSource : try ZstdBytes(file)
    } else {
      source = file
    }
    let start = StartedBytes(source)
    var own = TokenCounts()
    let first = try start.look(NPYHeader.magic.count)
    if first.isEmpty {
      throw StreamError(
        .empty,
        Diagnosis(
          file: name, expected: "token ids", found: "no bytes at all",
          advice: "check that the program that wrote it finished"))
    }
    if first == NPYHeader.magic {
      try own.add(
        arrays: ArrayCursor(start, isPlainFile: !isCompressed, size: isCompressed ? nil : file.size), progress)
    } else {
      guard let width else {
        throw StreamError(
          .unknownFormat,
          ForeignFormat.diagnosis(
            file: name, expected: "an NPY array (\(hexadecimal(NPYHeader.magic)))", start: first,
            advice: "if the file holds nothing but integers, say which: --token-type uint16 or uint32"))
      }
      try own.add(integers: start, width.element, progress)
    }
    try file.integrity.check()
    add(own)
  }

  /// Arrays of integers count, but for the second of two that features follow, which are predictions.
  private mutating func add(arrays cursor: ArrayCursor, _ progress: (Int) throws -> Void) throws {
    var pending: [TokenCounts] = []
    while let header = try cursor.nextHeader() {
      if header.shape.count == 2, !header.type.isInteger, let labels = pending.first {
        add(labels)
        pending = []
        guard try cursor.skip(header.byteCount) == header.byteCount else {
          throw cursor.truncated("features (\(header.summary))", at: header.position)
        }
      } else {
        try BatchLayout(file: cursor.name).checkTokens(header, role: "token ids")
        var counts = TokenCounts()
        let row = pending.map(\.samples).reduce(samples, +)
        var left = header.byteCount
        try counts.take(header.type, cursor.name, row: row) { chunk in
          let wanted = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, left)])
          guard try cursor.fill(wanted) == wanted.count else {
            throw cursor.truncated("token ids (\(header.summary))", at: header.position)
          }
          left -= wanted.count
          try progress(cursor.consumedBytes)
          return wanted.count
        }
        if pending.count == 2 { add(pending.removeFirst()) }
        pending.append(counts)
      }
    }
    for counts in pending { add(counts) }
  }

  private mutating func add(
    integers source: ByteSource, _ type: ElementType, _ progress: (Int) throws -> Void
  ) throws {
    try take(type, source.name, row: 0) { chunk in
      let got = try source.fill(chunk)
      try progress(source.consumedBytes)
      guard got % type.width == 0 else {
        throw StoredIntegers.leftOver(got % type.width, of: type, in: source.name)
      }
      return got
    }
  }

  /// Takes integers chunk by chunk until one is empty.
  private mutating func take(
    _ type: ElementType, _ name: String, row: Int, _ next: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 19, alignment: 64)
    let ids = UnsafeMutableBufferPointer<Int32>.allocate(capacity: chunk.count / type.width)
    defer {
      chunk.deallocate()
      ids.deallocate()
    }
    while true {
      let got = try next(chunk)
      if got == 0 { return }
      let elements = UnsafeMutableRawBufferPointer(rebasing: chunk[..<got])
      type.makeNative(elements)
      let some = UnsafeMutableBufferPointer(rebasing: ids[..<(got / type.width)])
      if let bad = type.tokenIDs(UnsafeRawBufferPointer(elements), bound: Int(Int32.max), into: some) {
        throw StreamError(
          .badLabel,
          Diagnosis(
            file: name, position: "token \(row + samples + bad.index)",
            expected: "an id of at least 0 and below \(Int32.max)", found: bad.value,
            advice: "check the type of the token ids"))
      }
      add(UnsafeBufferPointer(some))
    }
  }
}
