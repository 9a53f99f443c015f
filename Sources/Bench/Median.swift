extension [Double] {
  /// The middle number, or the mean of the middle two; NaN if empty.
  var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
