import Storage

/// An array in a file. Its rows can be read if it is row-major.
protocol StoredArray: StreamArray {
  /// Its path in the file.
  var path: String { get }
  /// Bytes it takes in the file.
  var storedBytes: Int { get }
  /// Whether the first index varies fastest.
  var isColumnMajor: Bool { get }
  /// Whether its elements are floats.
  var holdsFloats: Bool { get }

  /// Its bytes from a row on, in the stored element type.
  func bytes(from row: Int) throws -> any ByteSource

  /// Its rows, if they are floats.
  func rows() throws -> any RowSource
}

extension StoredArray {
  var isColumnMajor: Bool { false }
  var holdsFloats: Bool { elementType?.scalar != nil }

  /// Bytes per row; nil if the type is unknown or the count overflows.
  var rowBytes: Int? {
    guard let width = elementType?.width else { return nil }
    return shape.dropFirst().reduce(width as Int?) { product, extent in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
      return next
    }
  }

  func rows() throws -> any RowSource { try RowsInOrder(self, columns: shape.dropFirst().reduce(1, &*)) }

  /// The error for data that ends before `what`.
  func truncated(_ what: String, file: String) -> StreamError {
    StreamError(
      .truncated, file: file, position: position, expected: "\(summary), including \(what)",
      found: "the end of the data inside it", advice: "the file was cut short: write it again, or copy it again")
  }
}
