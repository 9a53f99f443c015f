import COpenBLAS
import Deciding
import Geometry
import Moments
import Samples
import Support

/// Deciding samples and the two matrix products it rests on, to compare their times.
struct DecideBenchmark: Sendable {
  private let deciders: Deciders
  private let block: Block
  private let sizes: (rows: Int, vocabulary: Int, classes: Int, dimension: Int)
  private let workers: WorkerThreads
  /// Numbers to multiply: [rows × d] and [max(V, K) × d].
  private let features: [Float]
  private let candidates: [Float]

  /// Candidates per call of the bare product, so that its result stays small next to its operands.
  private static let candidatesAtOnce = 4096

  /// Makes normally distributed class means, classifier rows and samples.
  ///
  /// - Parameter rows: at most one block of them: ``Block/capacity(dimension:scalar:)``.
  /// - Throws: ``GeometryError`` if there are too many features.
  init(rows: Int, vocabulary: Int, classes: Int, dimension: Int, threads: Int) throws {
    let rows = min(rows, Block.capacity(dimension: dimension, scalar: .float32))
    sizes = (rows, vocabulary, classes, dimension)
    workers = WorkerThreads(threads)
    func normal(_ rows: Int, seed: UInt64) throws -> Matrix {
      try Matrix(rows: rows, columns: dimension) { elements in
        var random = SplitMix64(seed: seed)
        for index in elements.indices { elements[index] = Double(random.normal()) }
      }
    }
    let means = try normal(classes, seed: 1)
    var classifier = Classifier(dimension: dimension, rows: vocabulary)
    try classifier.append(normal(vocabulary, seed: 2))
    deciders = try Deciders(
      MomentsTable(
        tokens: (0..<Int32(classes)).map { $0 }, counts: [Int](repeating: 2, count: classes), means: means,
        m2: [Double](repeating: Double(dimension), count: classes), withinScatter: nil),
      classifier: classifier, workers: workers)
    let builder = try BlockBuilder(dimension: dimension, scalar: .float32, firstRow: 0)
    var random = SplitMix64(seed: 3)
    builder.next(rows).labels.update(repeating: 0)
    let own = builder.keep(0..<rows).assumingMemoryBound(to: Float.self)
    for index in own.indices { own[index] = random.normal() }
    features = Array(own)
    builder.commit(rows, source: "bench", firstRow: 0)
    block = builder.finish()
    var numbers = SplitMix64(seed: 4)
    candidates = (0..<max(vocabulary, classes) * dimension).map { _ in numbers.normal() }
  }

  /// Number of samples in the block.
  var rows: Int { sizes.rows }

  /// Multiplications and additions of the two products.
  var flops: Double {
    2 * Double(sizes.rows) * Double(sizes.dimension) * Double(sizes.vocabulary + sizes.classes)
  }

  /// Decides a block: by the classifier, and by the nearest mean.
  func decide() throws { _ = try deciders.decide(block) }

  /// Multiplies all samples by V and by K candidates with `sgemm`; each thread takes its own samples.
  func multiply() {
    let (rows, dimension, threads) = (sizes.rows, sizes.dimension, workers.count)
    workers.run(threads) { piece in
      let own = piece * rows / threads..<(piece + 1) * rows / threads
      var product = [Float](repeating: 0, count: own.count * min(Self.candidatesAtOnce, candidates.count / dimension))
      for count in [sizes.vocabulary, sizes.classes] {
        for block in ranges(of: count, size: Self.candidatesAtOnce) where !own.isEmpty {
          features.withUnsafeBufferPointer { features in
            candidates.withUnsafeBufferPointer { candidates in
              MatrixProducts.single(
                features.baseAddress.map { $0 + own.lowerBound * dimension }, own.count,
                candidates.baseAddress.map { $0 + block.lowerBound * dimension }, block.count, columns: dimension,
                leading: dimension, into: &product)
            }
          }
        }
      }
    }
  }
}
