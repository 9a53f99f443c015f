import Storage

/// An array of a file that names its arrays, row-major.
protocol StoredArray: StreamArray {
  /// As the file names it.
  var path: String { get }
  /// Bytes that the file holds of it.
  var storedBytes: Int { get }

  /// Its bytes from a row on, in the element type as stored.
  func bytes(from row: Int) throws -> any ByteSource
}

extension StoredArray {
  /// The shape as Python writes it.
  static func text(of shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }

  /// Bytes of a row; nil where there are more than can be counted.
  var rowBytes: Int? {
    guard let width = elementType?.width else { return nil }
    return shape.dropFirst().reduce(width as Int?) { product, extent in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
      return next
    }
  }
}
