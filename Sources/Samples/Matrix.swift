import Support

/// A dense matrix of doubles, row-major.
///
/// Its numbers are a Swift array, because everything that reads them takes arrays and slices. Whatever makes a large
/// matrix therefore checks first that there is memory for it.
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

  /// All zero. Throws `OutOfMemory`.
  public init(rows: Int, columns: Int) throws {
    try MappedMemory.check(rows * columns, of: Double.self, for: Self.purpose(rows, columns))
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  /// Filled in place without zeroing first; `fill` must write every element. Throws `OutOfMemory`, and what `fill`
  /// throws.
  public init(
    rows: Int, columns: Int, filledBy fill: (UnsafeMutableBufferPointer<Double>) throws -> Void
  ) throws {
    try MappedMemory.check(rows * columns, of: Double.self, for: Self.purpose(rows, columns))
    let elements = try [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      try fill(buffer)
      count = rows * columns
    }
    self.init(rows: rows, columns: columns, elements: elements)
  }

  private static func purpose(_ rows: Int, _ columns: Int) -> String { "\(rows) × \(columns) numbers" }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// One row.
  public subscript(row row: Int) -> ArraySlice<Double> { elements[row * columns..<(row + 1) * columns] }

  /// The rows at the given indices, in that order. Throws `OutOfMemory`.
  public func selecting(_ indices: [Int]) throws -> Matrix {
    try MappedMemory.check(indices.count * columns, of: Double.self, for: Self.purpose(indices.count, columns))
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
