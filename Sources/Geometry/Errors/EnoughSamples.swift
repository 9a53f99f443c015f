/// How many samples would have been enough, from what was measured of fewer and fewer of them.
package enum EnoughSamples {
  /// The fewest samples from which on every value lies within one error of the last; nil without a last value or its
  /// error.
  ///
  /// - Parameters:
  ///   - samples: ascending.
  ///   - values: of each number of samples; nil if undefined.
  ///   - error: the standard error of the last value.
  package static func fewest(_ samples: [Int], _ values: [Double?], error: Double?) -> Int? {
    guard let error, error >= 0, let last = values.last ?? nil, samples.count == values.count else { return nil }
    let far = values.lastIndex { value in value.map { ($0 - last).magnitude > error } ?? true }
    return samples[(far ?? -1) + 1]
  }
}
