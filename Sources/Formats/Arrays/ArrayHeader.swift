import Samples

/// The header of an array in a file of arrays one after another.
struct ArrayHeader: StreamArray, Equatable {
  let type: ElementType
  let shape: [Int]
  /// Whether the first index varies fastest.
  let isColumnMajor: Bool
  /// Bytes of the array's elements.
  let byteCount: Int
  /// Where the header starts, in words.
  let position: String

  var elementType: ElementType? { type }
  var typeName: String { type.name }

  /// The same elements under a shape that differs only in axes of extent 1 (``UnitAxes``).
  func reshaped(_ shape: [Int]) -> ArrayHeader {
    ArrayHeader(
      type: type, shape: shape, isColumnMajor: isColumnMajor && shape.count > 1, byteCount: byteCount,
      position: position)
  }
}
