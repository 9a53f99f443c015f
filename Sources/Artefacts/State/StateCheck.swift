import Moments
import Samples
import Storage

/// Checks a state while it is read, from the first class to the last: the data must be valid, and as it was written.
///
/// Errors are ``MomentsError`` that name the state.
struct StateCheck {
  private let state: StateReader
  /// Checksums of the data read.
  let sums = Sums()
  /// Number of classes read.
  private(set) var classes = 0
  private var previous = Int32(-1)
  private var left: Int

  init(_ state: StateReader) {
    self.state = state
    left = state.samples
  }

  /// The checksum of a state: one checksum per dataset and one of the attributes, combined in the order of the format. The
  /// diagonal's comes last, and only if there is one.
  final class Sums {
    private let tokens = Checksum()
    private let counts = Checksum()
    private let means = Checksum()
    private let lowParts = Checksum()
    private let m2 = Checksum()
    let scatter = Checksum()
    private let diagonals = Checksum()
    private var hasDiagonals = false

    /// Adds the classes of a table.
    func update(_ rows: MomentsTable) {
      rows.withUnsafeRows {
        update(rows.tokens, rows.counts, rows.m2, means: $0, lowParts: $1, diagonals: $2)
      }
    }

    /// Adds classes, with their means one after another, and the low parts and diagonals if there are any.
    func update(
      _ tokens: [Int32], _ counts: [Int], _ m2: [Double], means: UnsafeBufferPointer<Double>,
      lowParts: UnsafeBufferPointer<Double>?, diagonals: UnsafeBufferPointer<Double>? = nil
    ) {
      self.tokens.update(tokens)
      self.counts.update(counts)
      self.m2.update(m2)
      self.means.update(UnsafeRawBufferPointer(means))
      if let lowParts { self.lowParts.update(UnsafeRawBufferPointer(lowParts)) }
      guard let diagonals else { return }
      hasDiagonals = true
      self.diagonals.update(UnsafeRawBufferPointer(diagonals))
    }

    func value(_ attributes: ArtefactFormat.Attributes) -> String {
      let (own, all) = (Checksum(), Checksum())
      own.update(attributes)
      for part in [own, tokens, counts, means, lowParts, m2, scatter] { all.update(part.value) }
      if hasDiagonals { all.update(diagonals.value) }
      return all.value
    }
  }

  /// Takes the next classes. Rejects whatever could do harm: a token out of order or range, more samples than the state
  /// says, or a number that is not finite.
  mutating func take(
    _ tokens: [Int32], _ counts: [Int], _ m2: [Double], means: UnsafeBufferPointer<Double>,
    lowParts: UnsafeBufferPointer<Double>?, diagonals: UnsafeBufferPointer<Double>? = nil
  ) throws {
    sums.update(tokens, counts, m2, means: means, lowParts: lowParts, diagonals: diagonals)
    for (row, (token, (count, m2))) in zip(tokens, zip(counts, m2)).enumerated() {
      guard token > previous, Int(token) < state.provenance.vocabulary else {
        throw bad("ascending tokens below the vocabulary of \(state.provenance.vocabulary)", "token \(token)")
      }
      guard count > 0, count <= left else {
        throw bad("positive counts that add up to \(state.samples)", "count \(count) of token \(token)")
      }
      guard m2 >= 0, m2.isFinite, isFinite(means, row) else {
        throw bad("finite moments", "non-finite mean or M2 (\(m2)) for token \(token)")
      }
      guard lowParts.map({ isFinite($0, row) }) ?? true else {
        throw bad("finite moments", "a non-finite low part of the mean for token \(token)")
      }
      guard diagonals.map({ isFinite($0, row) && !hasNegative($0, row) }) ?? true else {
        throw bad("finite second moments from 0", "others for token \(token)")
      }
      classes += 1
      previous = token
      left -= count
    }
  }

  /// Takes the classes of a table.
  mutating func take(_ rows: MomentsTable) throws {
    try rows.withUnsafeRows {
      try take(rows.tokens, rows.counts, rows.m2, means: $0, lowParts: $1, diagonals: $2)
    }
  }

  /// Takes the next rows of the scatter, which start with row `first`.
  func take(scatter rows: Matrix, from first: Int) throws {
    sums.scatter.update(rows.elements)
    guard let place = rows.elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw StateFormat.file.bad(
      state.name, "/within/scatter, row \(first + place / rows.columns)", "finite numbers", "\(rows.elements[place])")
  }

  private func isFinite(_ means: UnsafeBufferPointer<Double>, _ row: Int) -> Bool {
    guard let start = means.baseAddress else { return true }
    return ScalarType.float64.firstNonfinite(start + row * state.dimension, count: state.dimension) == nil
  }

  private func hasNegative(_ numbers: UnsafeBufferPointer<Double>, _ row: Int) -> Bool {
    numbers[row * state.dimension..<(row + 1) * state.dimension].contains { $0 < 0 }
  }

  /// Checks the checksum after everything else. A file that replaced this one would fail here.
  func finish() throws {
    let sum = sums.value(state.format.attributes(samples: state.samples, state.provenance))
    guard sum == state.checksum else {
      throw StateFormat.file.bad(
        state.name, "attribute checksum", "the checksum “\(state.checksum)”", "\(sum) for the data read",
        "the state is damaged: copy it again, or accumulate it again")
    }
  }

  /// Checks, after the last class, that no sample is missing.
  func finishClasses() throws {
    guard left == 0 else {
      throw StateFormat.file.bad(
        state.name, "/classes/count", "counts that add up to \(state.samples)", "\(state.samples - left)")
    }
  }

  private func bad(_ expected: String, _ found: String) -> MomentsError {
    StateFormat.file.bad(state.name, "class \(classes)", expected, found)
  }
}

extension MomentsTable {
  /// Calls `body` with the means, their low parts and the diagonals, each row after row.
  fileprivate func withUnsafeRows(
    _ body: (
      _ means: UnsafeBufferPointer<Double>, _ lowParts: UnsafeBufferPointer<Double>?,
      _ diagonals: UnsafeBufferPointer<Double>?
    ) throws -> Void
  ) rethrows {
    func using(_ matrix: Matrix?, _ body: (UnsafeBufferPointer<Double>?) throws -> Void) rethrows {
      guard let matrix else { return try body(nil) }
      try matrix.withUnsafeElements(body)
    }
    try means.withUnsafeElements { means in
      try using(lowPart) { lowParts in try using(diagonal) { try body(means, lowParts, $0) } }
    }
  }
}
