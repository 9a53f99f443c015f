/// Counts the inputs of a stream as their samples come.
///
/// A sample begins an input where it is of another source than the one before, or not behind it, as where a file is named twice.
struct InputTally: Sendable, Equatable, Codable {
  /// Where the last sample was.
  private var source: String?
  private var row = -1
  /// Inputs before that of the last sample.
  private(set) var before = 0

  init() {}

  mutating func note(_ source: String, row: Int) {
    if let last = self.source, last != source || row <= self.row { before += 1 }
    (self.source, self.row) = (source, row)
  }

  /// Notes a sample that follows the last one in the same run of rows.
  mutating func noteNext() { row += 1 }
}
