import Moments

/// Which second moments of each class to keep.
public enum SecondMoments: String, Sendable, CaseIterable {
  /// Σ‖h − μ_c‖², one number per class.
  case trace
  /// Σ(h − μ_c)² of each feature too, [K × d]. The table of classes then says which features vary most.
  case diagonal

  var inner: Moments.SecondMoments {
    switch self {
    case .trace: .trace
    case .diagonal: .diagonal
    }
  }

  init(_ inner: Moments.SecondMoments) {
    self =
      switch inner {
      case .trace: .trace
      case .diagonal: .diagonal
      }
  }
}
