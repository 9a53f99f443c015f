import Storage

/// An array in a file. Its rows can be read if it is row-major.
protocol StoredArray: StreamArray {
  /// Its path in the file.
  var path: String { get }
  /// Bytes it takes in the file.
  var storedBytes: Int { get }
  /// Whether the first index varies fastest.
  var isColumnMajor: Bool { get }
  /// Whether its elements are floats that can be read row by row.
  var hasRowsOfFloats: Bool { get }

  /// Its bytes from a row on, in the stored element type.
  func bytes(from row: Int) throws -> any ByteSource

  /// Its rows, if they are floats.
  func rows() throws -> any RowSource
}

/// Rows of floats, read in ascending order.
protocol RowSource {
  /// Reads ascending rows, all after those read before, into `out` [rows × columns], widened to Float64.
  func read(_ rows: [Int], into out: UnsafeMutablePointer<Double>) throws
}

extension StoredArray {
  var isColumnMajor: Bool { false }
  var hasRowsOfFloats: Bool { elementType?.scalar != nil && !isColumnMajor }

  /// Bytes per row; nil if the type is unknown or the count overflows.
  var rowBytes: Int? {
    guard let width = elementType?.width else { return nil }
    return shape.dropFirst().reduce(width as Int?) { product, extent in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
      return next
    }
  }

  func rows() throws -> any RowSource { try rowsInOrder() }

  func rowsInOrder() throws -> any RowSource { try RowsInOrder(self) }

  /// The error for data that ends before `what`.
  func truncated(_ what: String, file: String) -> StreamError {
    StreamError(
      .truncated, file: file, position: position, expected: "\(summary), including \(what)",
      found: "the end of the data inside it", advice: "the file was cut short: write it again, or copy it again")
  }
}

/// Reads rows of floats from the bytes of an array, and skips the others.
private final class RowsInOrder: RowSource {
  private let array: any StoredArray
  private let source: any ByteSource
  private let row: UnsafeMutableRawBufferPointer
  private var next = 0

  init(_ array: any StoredArray) throws {
    self.array = array
    source = try array.bytes(from: 0)
    row = .allocate(byteCount: array.rowBytes ?? 0, alignment: 8)
  }

  deinit { row.deallocate() }

  func read(_ rows: [Int], into out: UnsafeMutablePointer<Double>) throws {
    guard let type = array.elementType, let scalar = type.scalar, let start = row.baseAddress else { return }
    let columns = row.count / type.width
    for (index, number) in rows.enumerated() {
      // Cannot overflow: it is less than the array's byte count.
      let gap = (number - next) * row.count
      guard try source.skip(gap) == gap, try source.fill(row) == row.count else {
        throw array.truncated("row \(number)", file: source.name)
      }
      next = number + 1
      type.makeNative(row)
      scalar.widen(start, count: columns, into: out + index * columns)
    }
  }
}
