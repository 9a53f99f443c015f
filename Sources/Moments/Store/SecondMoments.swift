/// Which second moments of each class are accumulated.
package enum SecondMoments: String, Sendable, CaseIterable {
  /// Only Σ‖h − μ_c‖², the trace of the class's scatter.
  case trace
  /// Its diagonal too: Σ(h − μ_c)² of each feature.
  case diagonal

  /// Rows of d numbers that a class takes: its mean, the low part of that, and the diagonal.
  package func rowsPerClass(keepsLowParts: Bool) -> Int { 1 + (keepsLowParts ? 1 : 0) + (self == .diagonal ? 1 : 0) }
}
