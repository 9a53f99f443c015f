import CollapseKernels

/// The element type of an array in a file: kind of number, width and byte order.
package struct ElementType: Equatable {
  package enum Kind: Equatable { case signed, unsigned, float, bfloat }

  package let kind: Kind
  /// Bytes per element.
  package let width: Int
  package let isBigEndian: Bool

  /// The type that a NumPy descriptor such as `<f2` names, or nil if it is not an integer or a supported float.
  ///
  /// `V2` is how ml_dtypes saves bfloat16.
  package init?(numpy descriptor: String) {
    var text = Substring(descriptor)
    let order = text.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { text.removeFirst() }
    switch text {
    case "i1", "i2", "i4", "i8": kind = .signed
    case "u1", "u2", "u4", "u8": kind = .unsigned
    case "f2", "f4", "f8": kind = .float
    case "V2", "bfloat16": kind = .bfloat
    default: return nil
    }
    width = kind == .bfloat ? 2 : text.last?.wholeNumberValue ?? 0
    isBigEndian = order == ">"
  }

  package init(kind: Kind, width: Int, isBigEndian: Bool = false) {
    (self.kind, self.width, self.isBigEndian) = (kind, width, isBigEndian)
  }

  package var isUInt16: Bool { kind == .unsigned && width == 2 }
  package var isInteger: Bool { kind == .signed || kind == .unsigned }

  /// The storage type of features of this type, or nil for integers.
  package var scalar: ScalarType? {
    switch (kind, width) {
    case (.bfloat, 2): .bfloat16
    case (.float, 2): .float16
    case (.float, 4): .float32
    case (.float, 8): .float64
    default: nil
    }
  }

  /// The usual name: `int32`, `bfloat16`, `float16 (big-endian)`.
  package var name: String {
    let base =
      switch kind {
      case .signed: "int\(width * 8)"
      case .unsigned: "uint\(width * 8)"
      case .float: "float\(width * 8)"
      case .bfloat: "bfloat16"
      }
    return isBigEndian ? base + " (big-endian)" : base
  }

  /// Whether elements of this type are in native byte order.
  package var isNative: Bool { !isBigEndian || width == 1 }

  /// Brings elements of this type into native byte order, in place.
  package func makeNative(_ elements: UnsafeMutableRawBufferPointer) {
    guard !isNative, let start = elements.baseAddress else { return }
    collapse_swap_bytes(start, elements.count / width, width)
  }

  /// Converts native integers of this type to token ids in 0 ..< `bound`. Returns the index and value of the first one
  /// out of range, or nil if there is none.
  ///
  /// `elements` holds one integer for each place in `ids`.
  package func tokenIDs(
    _ elements: UnsafeRawBufferPointer, bound: Int, into ids: UnsafeMutableBufferPointer<Int32>
  ) -> (index: Int, value: String)? {
    switch (kind, width) {
    case (.signed, 1): Self.convert(Int8.self, elements, bound, ids)
    case (.signed, 2): Self.convert(Int16.self, elements, bound, ids)
    case (.signed, 4): Self.convert(Int32.self, elements, bound, ids)
    case (.signed, _): Self.convert(Int64.self, elements, bound, ids)
    case (_, 1): Self.convert(UInt8.self, elements, bound, ids)
    case (_, 2): Self.convert(UInt16.self, elements, bound, ids)
    case (_, 4): Self.convert(UInt32.self, elements, bound, ids)
    default: Self.convert(UInt64.self, elements, bound, ids)
    }
  }

  private static func convert<Element: FixedWidthInteger & BitwiseCopyable>(
    _: Element.Type, _ elements: UnsafeRawBufferPointer, _ bound: Int, _ ids: UnsafeMutableBufferPointer<Int32>
  ) -> (index: Int, value: String)? {
    for index in ids.indices {
      let value = elements.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
      guard value >= 0, value < bound else { return (index, "\(value)") }
      ids[index] = Int32(truncatingIfNeeded: value)
    }
    return nil
  }
}
