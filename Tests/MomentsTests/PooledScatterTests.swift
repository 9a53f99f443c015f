import Embeddings
import TestSupport
import Testing

@testable import Moments

@Suite("Pooled scatter")
struct PooledScatterTests {
  @Test("Added and subtracted rows, across tiles, against plain loops")
  func tiles() {
    let dimension = 300
    var generator = SeededGenerator(1)
    let rows = (0..<5 * dimension).map { _ in generator.normal() }
    let scatter = PooledScatter(dimension: dimension)
    rows.withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress else { return }
      scatter.update(
        adding: .init(start: start, count: 3), subtracting: .init(start: start + 3 * dimension, count: 2),
        workers: Workers(2))
    }
    let matrix = scatter.matrix
    for i in 0..<dimension {
      for j in 0..<dimension {
        let expected = (0..<5).reduce(0.0) { sum, row in
          sum + (row < 3 ? 1 : -1) * rows[row * dimension + i] * rows[row * dimension + j]
        }
        #expect(abs(matrix[i, j] - expected) < 1e-13 * 30)
      }
    }
  }

  @Test("What is far below the rounding of a large entry is not lost when the large part goes")
  func carried() {
    let scatter = PooledScatter(dimension: 1)
    scatter.add(Matrix(rows: 1, columns: 1, elements: [1e20]))
    for _ in 0..<8 { scatter.add(Matrix(rows: 1, columns: 1, elements: [0.125])) }
    scatter.add(Matrix(rows: 1, columns: 1, elements: [-1e20]))
    #expect(scatter.matrix.elements == [1])
  }
}
