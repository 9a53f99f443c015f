import Samples
import Storage

/// Rows of floats, read in ascending order.
protocol RowSource {
  /// Reads ascending rows, all after those read before, into `out` [rows × columns], widened to Float64.
  func read(_ rows: [Int], into out: UnsafeMutablePointer<Double>) throws
}

/// Reads rows of floats from the bytes of an array, and skips the others.
final class RowsInOrder: RowSource {
  private let array: any StoredArray
  private let source: any ByteSource
  private let row: UnsafeMutableRawBufferPointer
  private var next = 0

  /// - Parameter columns: elements of a row, which lie side by side.
  init(_ array: any StoredArray, columns: Int) throws {
    self.array = array
    source = try array.bytes(from: 0)
    let (bytes, overflow) = columns.multipliedReportingOverflow(by: array.elementType?.width ?? 0)
    row = .allocate(byteCount: overflow ? 0 : bytes, alignment: 8)
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

/// Reads rows of floats whose elements lie apart, column by column. Each read goes through the array once.
struct RowsByColumn: RowSource {
  private let open: () throws -> any StoredArray
  private let rows: Int
  private let columns: Int

  init(_ open: @escaping () throws -> any StoredArray, rows: Int, columns: Int) {
    (self.open, self.rows, self.columns) = (open, rows, columns)
  }

  func read(_ wanted: [Int], into out: UnsafeMutablePointer<Double>) throws {
    let array = try open()
    guard let first = wanted.first, let last = wanted.last, let type = array.elementType, let scalar = type.scalar
    else { return }
    let source = try array.bytes(from: 0)
    let count = last - first + 1
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: count * type.width, alignment: 8)
    let numbers = UnsafeMutablePointer<Double>.allocate(capacity: count)
    defer {
      raw.deallocate()
      numbers.deallocate()
    }
    guard let start = raw.baseAddress else { return }
    for column in 0..<columns {
      // Cannot overflow: it is less than the array's byte count.
      let gap = (column == 0 ? first : rows - count) * type.width
      guard try source.skip(gap) == gap, try source.fill(raw) == raw.count else {
        throw array.truncated("the numbers of column \(column)", file: source.name)
      }
      type.makeNative(raw)
      scalar.widen(UnsafeRawPointer(start), count: count, into: numbers)
      for (index, row) in wanted.enumerated() { out[index * columns + column] = numbers[row - first] }
    }
  }
}
