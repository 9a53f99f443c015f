import Geometry
import Moments
import Samples
import Support

/// The sweep over pairs of classes and the bare matrix product it rests on, to compare their times.
struct SweepBenchmark: Sendable {
  private let means: CentredMeans
  private let threads: Int

  /// Rows per block of the bare product: large enough for a BLAS to reach full speed.
  private static let block = 1024

  /// Makes normally distributed class means about a common offset; any others would do.
  ///
  /// - Throws: ``GeometryError`` if there are fewer than two classes, or too many features.
  init(classes: Int, dimension: Int, threads: Int) throws {
    self.threads = threads
    let table = MomentsTable(
      tokens: (0..<Int32(classes)).map { $0 }, counts: [Int](repeating: 2, count: classes),
      means: try Matrix(rows: classes, columns: dimension) { elements in
        var random = SplitMix64(seed: 1)
        for index in elements.indices { elements[index] = 1 + Double(random.normal()) }
      }, m2: [Double](repeating: Double(dimension), count: classes), withinScatter: nil)
    means = try CentredMeans(ClassSelection(table), globalMean: .unweighted)
  }

  /// Multiplications and additions of half the Gram matrix: K²·d.
  var flops: Double {
    Double(means.classes) * Double(means.classes) * Double(means.dimension)
  }

  /// The whole sweep: products, all pair statistics, neighbours, histograms.
  func sweep(checkCancellation: () throws -> Void) throws {
    _ = try PairSweep(means, threads: threads, checkCancellation: checkCancellation)
  }

  /// Computes half the Gram matrix with `dgemm`, block by block, on the same number of threads. Returns the
  /// multiplications and additions, which exceed ``flops`` because blocks on the diagonal are computed whole.
  func product(checkCancellation: () throws -> Void) throws -> Double {
    let blocks = UpperTriangleTiles(means.classes, tile: Self.block)
    var flops = 0.0
    try OrderedTasks.run(blocks.count, threads: threads, checkCancellation: checkCancellation) { number in
      let (rows, columns) = blocks[number]
      _ = MatrixProducts.ofRows(means.centred, rows, means.centred, columns)
      return 2 * Double(rows.count) * Double(columns.count) * Double(means.dimension)
    } merge: { _, count in
      flops += count
    }
    return flops
  }
}
