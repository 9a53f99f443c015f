import Plan

/// How to estimate standard errors of everything measured.
enum ErrorMethod: String, CaseIterable, OptionValue {
  /// From parts of the samples, each left out once.
  case jackknife
}
