import Formats

/// Counts the inputs of a stream as their samples arrive.
///
/// A sample starts a new input if its source differs from the previous sample's. Within one source it does so if its row
/// is not a later one, as when a file is named twice.
struct InputCounter: Sendable, Equatable, Codable {
  /// Source of the last sample.
  private var source: String?
  private var row = -1
  /// Number of inputs before that of the last sample.
  private(set) var before = 0

  /// Whether a stream can have led to these numbers.
  var isPossible: Bool { (-1...StreamPosition.largest).contains(row) && (0...StreamPosition.largest).contains(before) }

  mutating func note(_ source: String, row: Int) {
    if let last = self.source, last != source || row <= self.row { before += 1 }
    (self.source, self.row) = (source, row)
  }

  /// Notes a sample that directly follows the last one.
  mutating func noteNext() { row += 1 }
}
