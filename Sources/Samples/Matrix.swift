/// A dense matrix of doubles, row-major.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// [rows × columns], row after row.
  public private(set) var elements: [Double]

  /// - Precondition: `elements` holds rows × columns numbers.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns)
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// All zero.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  /// Filled in place without zeroing first; `fill` must write every element.
  public init(
    rows: Int, columns: Int, filledBy fill: (UnsafeMutableBufferPointer<Double>) throws -> Void
  ) rethrows {
    let elements = try [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      try fill(buffer)
      count = rows * columns
    }
    self.init(rows: rows, columns: columns, elements: elements)
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// One row.
  public subscript(row row: Int) -> ArraySlice<Double> { elements[row * columns..<(row + 1) * columns] }

  /// The rows at the given indices, in that order.
  public func selecting(_ indices: [Int]) -> Matrix {
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * columns)
    for index in indices { selected += self[row: index] }
    return Matrix(rows: indices.count, columns: columns, elements: selected)
  }

  public func withUnsafeElements<Result>(
    _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    try elements.withUnsafeBufferPointer(body)
  }

  public mutating func withUnsafeMutableElements<Result>(
    _ body: (inout UnsafeMutableBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    try elements.withUnsafeMutableBufferPointer(body)
  }
}
