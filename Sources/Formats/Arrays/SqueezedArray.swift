import Samples
import Storage

/// An array without some axes of extent 1 (``UnitAxes``).
struct SqueezedArray: StoredArray {
  private let base: any StoredArray
  let shape: [Int]

  /// The array under another shape with the same elements in the same order; the array itself if the shape is its own.
  static func of(_ array: any StoredArray, _ shape: ([Int]) -> [Int]) -> any StoredArray {
    let wanted = shape(array.shape)
    return wanted == array.shape ? array : SqueezedArray(base: array, shape: wanted)
  }

  var path: String { base.path }
  var elementType: ElementType? { base.elementType }
  var typeName: String { base.typeName }
  var position: String { base.position }
  var storedBytes: Int { base.storedBytes }
  var isColumnMajor: Bool { base.isColumnMajor && shape.count > 1 }

  func bytes(from row: Int) throws -> any ByteSource {
    if base.shape.first == shape.first { return try base.bytes(from: row) }
    // Axes before the rows were dropped, so all rows are in the first of the stored rows.
    let source = try base.bytes(from: 0)
    // Cannot overflow: it is at most the array's byte count.
    let bytes = row * (rowBytes ?? 0)
    guard try source.skip(bytes) == bytes else { throw truncated("row \(row)", file: source.name) }
    return source
  }
}
