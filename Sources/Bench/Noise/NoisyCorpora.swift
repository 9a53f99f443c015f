import Moments

/// Corpora that are drawn from known class means and spreads.
protocol NoisyCorpora: Sendable {
  /// t₂ of the within-class covariance.
  var squaredTrace: Double { get }

  /// What the corpus of this number is drawn from. The number −1 is that of no corpus.
  func truth(_ number: Int) throws -> CorpusTruth

  /// The moments of one corpus, whose features are drawn by its number. It has the counts of the truth.
  func draw(_ truth: CorpusTruth, _ number: Int) throws -> MomentsTable
}

/// What a corpus is drawn from, for the classes that occur in it.
struct CorpusTruth: Sendable {
  let counts: [Int]
  /// μ_c, [K × d].
  let means: [Double]
  /// The total variance of each class.
  let spreads: [Double]

  /// tr Σ_W as (Σ(n_c − 1)σ²_c)/(N − K) over all classes, and of the classes with at least `minCount` samples
  /// tr Σ_B and the CDNV ratio.
  func traces(minCount: Int) -> (within: Double, between: Double, ratio: Double) {
    let chosen = counts.indices.filter { counts[$0] >= minCount }
    let (k, d) = (Double(chosen.count), means.count / counts.count)
    var between = 0.0
    for j in 0..<d {
      let column = chosen.map { means[$0 * d + j] }
      let mean = column.reduce(0, +) / k
      between += column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / k
    }
    let rest = counts.reduce(0) { $0 + $1 - 1 }
    let within = zip(counts, spreads).reduce(0) { $0 + Double($1.0 - 1) * $1.1 } / Double(rest)
    let spread = chosen.reduce(0) { $0 + spreads[$1] } / k
    return (within, between, spread / (2 * k / (k - 1) * between))
  }
}
