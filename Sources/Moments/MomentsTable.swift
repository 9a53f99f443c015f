import Samples

/// The moments of every class seen, as a table by ascending token id: what a state holds and what geometry measures.
public struct MomentsTable: Sendable, Equatable {
  /// Token ids of the K classes, ascending.
  public let tokens: [Int32]
  /// n_c, samples of each class; at least 1.
  public let counts: [Int]
  /// μ_c, [K × d].
  public let means: Matrix
  /// What the rounding of each μ_c left over, [K × d], where it is kept: the mean is the sum of both; see ``ClassMoments``.
  public let carry: Matrix?
  /// Σ‖h − μ_c‖² of each class, a scalar each.
  public let m2: [Double]
  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ over all samples, [d × d] and symmetric, where it was accumulated.
  public let withinScatter: Matrix?

  /// - Precondition: the four columns have one length, the scatter is d×d.
  public init(tokens: [Int32], counts: [Int], means: Matrix, carry: Matrix? = nil, m2: [Double], withinScatter: Matrix?)
  {
    precondition(counts.count == tokens.count && m2.count == tokens.count && means.rows == tokens.count)
    precondition(carry.map { $0.rows == means.rows && $0.columns == means.columns } ?? true)
    precondition(withinScatter.map { $0.rows == means.columns && $0.columns == means.columns } ?? true)
    self.tokens = tokens
    self.counts = counts
    self.means = means
    self.carry = carry
    self.m2 = m2
    self.withinScatter = withinScatter
  }

  /// K, the classes seen.
  public var classes: Int { tokens.count }
  /// d, the features of a sample.
  public var dimension: Int { means.columns }
  /// N, all samples.
  public var samples: Int { counts.reduce(0, +) }
  /// tr Σ_W = (1/N) Σ_c M2_c, over all samples.
  public var withinTrace: Double { samples > 0 ? m2.reduce(0, +) / Double(samples) : 0 }
}
