import Samples
import Support

/// The header of an array in a file of arrays one after another.
struct ArrayHeader: StreamArray, Equatable {
  let type: ElementType
  let shape: [Int]
  /// Whether the first index varies fastest.
  let isColumnMajor: Bool
  /// Bytes of the array's elements.
  let byteCount: Int
  /// Where the header starts.
  var place: ArrayPlace

  var position: String { place.words }
  var elementType: ElementType? { type }
  var typeName: String { type.name }

  /// Under the shape of one element per row, if that is possible (``UnitAxes``).
  var asVector: ArrayHeader { shape.count > 1 ? reshaped(UnitAxes.vector(shape)) : self }

  /// The same elements under a shape that differs only in axes of extent 1 (``UnitAxes``).
  func reshaped(_ shape: [Int]) -> ArrayHeader {
    ArrayHeader(
      type: type, shape: shape, isColumnMajor: isColumnMajor && shape.count > 1, byteCount: byteCount, place: place)
  }
}

/// A byte of a file, or of the content of Zstandard frames.
struct ArrayPlace: Equatable {
  let offset: Int
  let isPlainFile: Bool

  var words: String { isPlainFile ? "byte \(offset)" : "decoded byte \(offset)" }
}

/// The headers read last, by their bytes. Batches of one shape repeat them, and parsing takes longer than comparing.
struct RecentHeaders {
  private var known: [(bytes: [UInt8], header: ArrayHeader)] = []
  private var oldest = 0

  /// A batch has up to three arrays, and another header follows when the last batch is shorter.
  private static let most = 4

  /// The header that had these bytes.
  func find(_ bytes: UnsafeRawBufferPointer) -> ArrayHeader? {
    guard let start = bytes.baseAddress else { return nil }
    return known.first { $0.bytes.count == bytes.count && memcmp($0.bytes, start, bytes.count) == 0 }?.header
  }

  mutating func note(_ header: ArrayHeader, _ bytes: UnsafeRawBufferPointer) {
    guard known.count == Self.most else { return known.append((Array(bytes), header)) }
    known[oldest] = (Array(bytes), header)
    oldest = (oldest + 1) % Self.most
  }
}
