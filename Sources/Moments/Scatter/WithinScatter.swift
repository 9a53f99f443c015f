/// Which within-class scatter is accumulated in addition to each class's variance norm.
package enum WithinScatter: String, Sendable, CaseIterable {
  /// No scatter: only tr Σ_W is known.
  case none
  /// Σ_W pooled over all classes, d×d.
  case pooled
  /// Pooled Σ_W with products in single precision: about twice as fast, with an error of about 1e-6 of its largest
  /// entries.
  ///
  /// The error matters along a direction with little variance, as after a final layer norm: nc1_pinv of 20 000 samples
  /// keeps three digits.
  case pooledSingle = "pooled-single"

  /// The precision of the scatter's products; nil without a scatter.
  package var precision: PooledScatter.Precision? {
    switch self {
    case .none: nil
    case .pooled: .double
    case .pooledSingle: .single
    }
  }
}
