/// Which within-class scatter is accumulated besides each class's variance norm.
public enum WithinScatter: String, Sendable, CaseIterable {
  /// None: tr Σ_W is known, Σ_W is not.
  case none
  /// Σ_W pooled over all classes, d×d.
  case pooled
  /// Σ_W pooled, of products in single precision: about twice as fast, with an error of about 1e-6 of its largest entries.
  ///
  /// Along a direction that hardly varies, such as a final layer norm leaves, so much is seen: nc1_pinv of 20 000 samples
  /// keeps three digits.
  case pooledSingle = "pooled-single"

  /// What the scatter's products are made in, where there is one.
  package var precision: PooledScatter.Precision? {
    switch self {
    case .none: nil
    case .pooled: .double
    case .pooledSingle: .single
    }
  }
}
