import Moments
import Samples

/// Checks what is read of a state, from its first class to its last: that it can be, and that it is what was written.
///
/// Errors are ``MomentsError`` that name the state.
struct StateCheck {
  private let state: StateReader
  /// Of what was read. Carries and the scatter are for whoever reads them to add.
  let sums = StateChecksum()
  /// Classes that were read.
  private(set) var classes = 0
  private var previous = Int32(-1)
  private var left: Int

  init(_ state: StateReader) {
    self.state = state
    left = state.samples
  }

  /// Takes the classes that follow; of what cannot be, refuses all that could harm: a token out of order or range, more
  /// samples than the state says, a number that is none.
  mutating func take(
    _ tokens: [Int32], _ counts: [Int], _ m2: [Double], means: UnsafeBufferPointer<Double>
  ) throws {
    sums.update(tokens: tokens, counts: counts, m2: m2, means: means)
    for index in tokens.indices {
      try check(token: tokens[index])
      guard counts[index] > 0, counts[index] <= left else {
        throw bad(
          "class \(classes)", "positive counts that add up to \(state.samples)",
          "count \(counts[index]) of token \(tokens[index])")
      }
      guard m2[index] >= 0, m2[index].isFinite, isFinite(means, row: index) else {
        throw bad(
          "class \(classes)", "finite moments", "a mean or an m2 (\(m2[index])) of token \(tokens[index]) that is none")
      }
      classes += 1
      previous = tokens[index]
      left -= counts[index]
    }
  }

  private func check(token: Int32) throws {
    guard token > previous, Int(token) < state.provenance.vocabulary else {
      throw bad(
        "class \(classes)", "ascending tokens below the vocabulary of \(state.provenance.vocabulary)", "token \(token)")
    }
  }

  private func isFinite(_ means: UnsafeBufferPointer<Double>, row: Int) -> Bool {
    guard let start = means.baseAddress else { return true }
    let dimension = state.dimension
    return ScalarType.float64.firstNonfinite(start + row * dimension, count: dimension) == nil
  }

  /// Checks, after the last class, that no sample is missing.
  func finishClasses() throws {
    guard left == 0 else {
      throw bad("/classes/count", "counts that add up to \(state.samples)", "\(state.samples - left)")
    }
  }

  /// Checks, after everything, the checksum, which another file in the place of this one would not have.
  func finish() throws {
    let sum = sums.value(with: state.header)
    guard sum == state.checksum else {
      throw StateFormat.bad(
        state.name, "attribute checksum", "the sum “\(state.checksum ?? "")”", "\(sum) over what was read",
        "the state is damaged: copy it again, or accumulate it again")
    }
  }

  private func bad(_ item: String, _ expected: String, _ found: String) -> MomentsError {
    StateFormat.bad(state.name, item, expected, found)
  }
}
