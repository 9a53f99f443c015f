/// Draws in rounds of about a second's work, so that a study can be stopped between them.
struct Rounds: Sequence, IteratorProtocol {
  /// Numbers that are drawn and multiplied in a round.
  private static let work = 50_000_000

  private let draws: Int
  private let size: Int
  private var start = 0

  init(of draws: Int, numbers: Int) {
    self.draws = draws
    size = Swift.max(Self.work / Swift.max(numbers, 1), 1)
  }

  mutating func next() -> Range<Int>? {
    guard start < draws else { return nil }
    defer { start = Swift.min(start + size, draws) }
    return start..<Swift.min(start + size, draws)
  }
}
