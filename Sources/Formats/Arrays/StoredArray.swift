import Storage

/// An array of a file, of which rows can be read where it is row-major.
protocol StoredArray: StreamArray {
  /// As the file names it.
  var path: String { get }
  /// Bytes that the file holds of it.
  var storedBytes: Int { get }
  /// Whether the first index varies fastest.
  var isColumnMajor: Bool { get }
  /// Whether its elements are floats that can be read row by row.
  var hasRowsOfFloats: Bool { get }

  /// Its bytes from a row on, in the element type as stored.
  func bytes(from row: Int) throws -> any ByteSource

  /// Its rows, where they are floats.
  func rows() throws -> any RowSource
}

/// Rows of floats, read in ascending order.
protocol RowSource {
  /// Reads rows, which are ascending and behind those read before, widened to Float64, into `out` [rows × columns].
  func read(_ rows: [Int], into out: UnsafeMutablePointer<Double>) throws
}

extension StoredArray {
  var isColumnMajor: Bool { false }
  var hasRowsOfFloats: Bool { elementType?.scalar != nil && !isColumnMajor }

  /// Bytes of a row; nil where there are more than can be counted.
  var rowBytes: Int? {
    guard let width = elementType?.width else { return nil }
    return shape.dropFirst().reduce(width as Int?) { product, extent in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
      return next
    }
  }

  func rows() throws -> any RowSource { try RowsInOrder(self) }

  /// The error that the data ends before something in it.
  func truncated(_ what: String, file: String) -> StreamError {
    StreamError(
      .truncated, file: file, position: position, expected: "\(summary), \(what) among them",
      found: "the end of the data inside it", advice: "the file was cut short: write it again, or copy it again")
  }
}

/// Rows of floats, from the bytes of an array: those not asked for are passed over.
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
      // Less than the array's bytes, which are counted.
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
