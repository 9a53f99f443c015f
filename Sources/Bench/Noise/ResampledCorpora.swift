import Formats
import Moments
import Samples
import Storage
import Support

/// Corpora drawn from the samples of a stream, so that real features have a known truth.
///
/// The samples of its frequent classes are the population: their means and variances are the truth. A corpus draws from
/// each class with replacement. Half of the classes, drawn again for each truth, have one sample; the others have as many
/// as in the stream.
///
/// Features stay in their blocks, and a corpus borrows them.
struct ResampledCorpora: NoisyCorpora {
  /// The fewest samples of a class in the population.
  static let fewestSamples = 60

  /// A sample of the stream.
  private struct Sample {
    let block: Int
    let row: Int
  }

  private let blocks: [Block]
  /// By class.
  private let samples: [[Sample]]
  private let population: CorpusTruth
  private let seed: Int
  let squaredTrace: Double

  /// The numbers of classes, samples and features of the population.
  var classes: Int { samples.count }
  var populationSamples: Int { population.counts.reduce(0, +) }
  let dimension: Int

  /// Reads a stream. Throws errors of the reader, and `StreamError` if too few classes are frequent.
  init(_ file: String, seed: Int, threads: Int) throws {
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions(threads: threads))
    var (blocks, byToken): ([Block], [Int32: [Sample]]) = ([], [:])
    while let block = try reader.next() {
      try Task.checkCancellation()
      for (row, token) in block.labels.enumerated() {
        byToken[token, default: []].append(.init(block: blocks.count, row: row))
      }
      blocks.append(block)
    }
    let frequent = byToken.filter { $0.value.count >= Self.fewestSamples }.sorted { $0.key < $1.key }.map(\.value)
    guard frequent.count > 3, let first = blocks.first else {
      throw StreamError(
        .empty, file: file, expected: "at least 4 classes with \(Self.fewestSamples) samples or more",
        found: "\(frequent.count)", advice: "give a longer stream")
    }
    (self.blocks, samples, self.seed, dimension) = (blocks, frequent, seed, first.dimension)
    let table = try Self.moments(blocks, frequent, threads: threads)
    guard let scatter = table.withinScatter, table.withinTrace > 0 else {
      throw StreamError(
        .empty, file: file, expected: "samples of one class that differ", found: "none",
        advice: "give the features of a model")
    }
    let trace = table.m2.reduce(0, +)
    squaredTrace = scatter.elements.reduce(0) { $0 + $1 / trace * ($1 / trace) }
    population = CorpusTruth(
      counts: table.counts, means: table.means.elements,
      spreads: zip(table.m2, table.counts).map { $0 / Double($1) })
  }

  func truth(_ number: Int) -> CorpusTruth {
    var random = random(2 * number)
    var order = Array(population.counts.indices)
    for place in order.indices.dropLast() { order.swapAt(place, place + random.below(order.count - place)) }
    var counts = population.counts
    for class_ in order.prefix(order.count / 2) { counts[class_] = 1 }
    return CorpusTruth(counts: counts, means: population.means, spreads: population.spreads)
  }

  func draw(_ truth: CorpusTruth, _ number: Int) throws -> MomentsTable {
    var random = random(2 * number + 1)
    let drawn = zip(truth.counts, samples).map { count, samples in
      (0..<count).map { _ in samples[random.below(samples.count)] }
    }
    return try Self.moments(blocks, drawn, threads: 1)
  }

  private func random(_ number: Int) -> SplitMix64 {
    var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)), skipping: number)
    return SplitMix64(seed: seeds.next())
  }

  /// The moments of some samples. Class numbers take the place of token ids.
  private static func moments(_ blocks: [Block], _ samples: [[Sample]], threads: Int) throws -> MomentsTable {
    let (dimension, scalar) = (blocks[0].dimension, blocks[0].scalar)
    let moments = ClassMoments(dimension: dimension, within: .pooled, workers: WorkerThreads(threads))
    let pool = BlockPool()
    var rest = samples.enumerated().flatMap { number, samples in samples.map { (Int32(number), $0) } }[...]
    while !rest.isEmpty {
      let builder = try BlockBuilder(dimension: dimension, scalar: scalar, firstRow: 0, pool: pool)
      let rows = rest.prefix(builder.room)
      let labels = builder.next(rows.count).labels
      for (place, (label, sample)) in rows.enumerated() {
        labels[place] = label
        let block = blocks[sample.block]
        builder.lend(place..<place + 1, at: block.rowStarts[sample.row], from: block)
      }
      builder.commit(rows.count, source: "", firstRow: 0)
      try moments.fold(builder.finish())
      rest = rest.dropFirst(rows.count)
    }
    return try moments.table
  }
}
