import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Pooled scatter")
struct PooledScatterTests {
  private struct Sample {
    let dimension: Int
    let count: Int
    let rows: [Double]

    init(_ dimension: Int, _ count: Int) {
      self.dimension = dimension
      self.count = count
      var generator = SeededGenerator(dimension)
      rows = (0..<count * dimension).map { _ in generator.normal() }
    }

    func scatter(_ precision: PooledScatter.Precision = .double, workers: Int = 1, updates: Int = 1) -> PooledScatter {
      let scatter = PooledScatter(dimension: dimension, precision: precision)
      for _ in 0..<updates { rows.add(to: scatter, WorkerThreads(workers)) }
      return scatter
    }

    /// RᵀR by plain loops.
    var products: Matrix {
      var products = try! Matrix(rows: dimension, columns: dimension)
      for i in 0..<dimension {
        for j in 0..<dimension {
          products[i, j] = (0..<count).reduce(0) { $0 + rows[$1 * dimension + i] * rows[$1 * dimension + j] }
        }
      }
      return products
    }
  }

  /// Dimensions of one tile, of several, and not multiples of a panel, a register or a tile.
  private static let dimensions = [1, 2, 7, 48, 49, 131, 300]

  @Test("Two rows, by hand")
  func byHand() throws {
    let scatter = PooledScatter(dimension: 2)
    [1.0, 2, 3, -4].add(to: scatter, WorkerThreads(1))
    #expect(try scatter.matrix.elements == [10, -10, -10, 20])
  }

  @Test("Rows across tiles and runs of rows agree with plain loops", arguments: dimensions)
  func tiles(dimension: Int) throws {
    let sample = Sample(dimension, 600)
    let (found, expected) = (try sample.scatter().matrix.elements, sample.products.elements)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 600 * 1e-15 })
  }

  @Test("Every element is a chain of fused multiply-adds over 256 rows, on any processor, to the last bit")
  func chains() throws {
    let sample = Sample(67, 300)
    let matrix = try sample.scatter().matrix
    for i in 0..<67 {
      for j in i..<67 {
        let chains = [0..<256, 256..<300].map { run in
          run.reduce(0.0) { $0.addingProduct(sample.rows[$1 * 67 + i], sample.rows[$1 * 67 + j]) }
        }
        #expect(matrix[i, j] == chains[0] + chains[1])
      }
    }
  }

  @Test(
    "Any number of workers gives the same bits", arguments: PooledScatter.Precision.allCases, [2, 3, 8])
  func workers(precision: PooledScatter.Precision, workers: Int) throws {
    for dimension in [49, 300] {
      let sample = Sample(dimension, 300)
      let alone = try sample.scatter(precision, updates: 2).matrix
      #expect(try sample.scatter(precision, workers: workers, updates: 2).matrix == alone)
    }
  }

  @Test("Single precision is well within 1e-6 of the largest entry", arguments: dimensions)
  func single(dimension: Int) throws {
    let sample = Sample(dimension, 600)
    let (found, expected) = (try sample.scatter(.single).matrix.elements, sample.products.elements)
    let largest = expected.map(abs).max() ?? 0
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 5e-7 * largest })
  }

  @Test("More rows than one update take several updates")
  func manyRows() throws {
    let most = PooledScatter.rowsPerUpdate(dimension: 3)
    let sample = Sample(3, most + 5)
    let parts = PooledScatter(dimension: 3)
    Array(sample.rows[..<(most * 3)]).add(to: parts, WorkerThreads(1))
    Array(sample.rows[(most * 3)...]).add(to: parts, WorkerThreads(1))
    #expect(try sample.scatter().matrix == parts.matrix)
  }

  @Test("Rows per update are a power of two within 32 MiB, and at least 256")
  func rowsPerUpdate() {
    for dimension in [1, 64, 576, 4096, 5000, 16_384, 1 << 20] {
      let rows = PooledScatter.rowsPerUpdate(dimension: dimension)
      #expect(rows.nonzeroBitCount == 1 && rows >= 256)
      #expect(rows == 256 || rows * dimension * 8 <= 32 << 20)
    }
  }

  @Test("Two scatters add up", arguments: PooledScatter.Precision.allCases)
  func merging(precision: PooledScatter.Precision) throws {
    let sample = Sample(131, 40)
    let sum = sample.scatter(precision)
    try sum.add(sample.scatter(precision))
    #expect(try sum.matrix == sample.scatter(precision, updates: 2).matrix)
  }

  @Test("An entry far below the rounding error of a large one is not lost when the large part cancels")
  func carried() throws {
    let scatter = PooledScatter(dimension: 1)
    scatter.add(rows: Matrix(rows: 1, columns: 1, elements: [1e20]), from: 0)
    for _ in 0..<8 { scatter.add(rows: Matrix(rows: 1, columns: 1, elements: [0.125]), from: 0) }
    scatter.add(rows: Matrix(rows: 1, columns: 1, elements: [-1e20]), from: 0)
    #expect(try scatter.matrix.elements == [1])
  }
}

extension [Double] {
  /// Adds the array, row by row, to a scatter.
  fileprivate func add(to scatter: PooledScatter, _ workers: WorkerThreads) {
    withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress else { return }
      scatter.update(
        adding: PooledScatter.Rows(start: start, count: rows.count / scatter.dimension), workers: workers)
    }
  }
}
