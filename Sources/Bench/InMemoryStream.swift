import Formats
import Moments
import Samples
import Support

/// A stream's blocks in memory, and moments that have already seen them, to time the fold alone.
///
/// A corpus meets nearly all of its classes early. First visits, for which moments take new memory, are therefore not
/// measured.
final class InMemoryStream {
  private let blocks: [Block]
  private let moments: ClassMoments
  private let withScatter: ClassMoments?
  /// The number of classes in each block, summed: how often a class mean is visited.
  let classVisits: Int
  private let rows: Int

  /// Visits to a class mean per row.
  var visits: Double { Double(classVisits) / Double(rows) }

  /// Reads a file and folds it once.
  init(_ file: String, options: BenchOptions) throws {
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions(threads: options.threads))
    var blocks: [Block] = []
    var (classVisits, rows) = (0, 0)
    while let block = try reader.next() {
      try Task.checkCancellation()
      blocks.append(block)
      classVisits += Set(block.labels).count
      rows += block.rows
    }
    (self.blocks, self.classVisits, self.rows) = (blocks, classVisits, rows)
    let workers = WorkerThreads(options.threads)
    moments = ClassMoments(dimension: options.dimension, moments: options.moments, workers: workers)
    withScatter =
      options.within == .none
      ? nil
      : ClassMoments(
        dimension: options.dimension, within: options.within, moments: options.moments, workers: workers)
    try fold(withScatter: false)
    if let first = blocks.first { try withScatter?.fold(first) }
  }

  /// Folds every block, with the scatter if that is wanted and kept.
  func fold(withScatter: Bool) throws {
    let moments = withScatter ? self.withScatter : moments
    for block in blocks {
      try Task.checkCancellation()
      try moments?.fold(block)
    }
  }
}
