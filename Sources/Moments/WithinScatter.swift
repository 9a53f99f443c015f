/// Which within-class scatter is accumulated besides each class's variance norm.
public enum WithinScatter: String, Sendable, CaseIterable {
  /// None: tr Σ_W is known, Σ_W is not.
  case none
  /// Σ_W pooled over all classes, d×d.
  case pooled
}
