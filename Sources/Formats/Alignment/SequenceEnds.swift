/// Counts, position by position, how many sequences end there.
struct SequenceEnds {
  /// Positions per sequence.
  private let length: Int?
  private let bounds: SequenceBounds?
  private var position = 0
  private var bound: Int?
  /// Empty sequences before the first position.
  let leading: Int

  init(length: Int?, bounds: SequenceBounds?) throws {
    (self.length, self.bounds) = (length, bounds)
    var leading = 0
    bound = try bounds?.next()
    while bound == 0 {
      leading += 1
      bound = try bounds?.next()
    }
    self.leading = leading
  }

  /// How many sequences end after the next position: 0, or 1 plus the empty sequences that follow it.
  mutating func next() throws -> Int {
    position += 1
    var count = 0
    while let end = bound, end == position {
      count += 1
      bound = try bounds?.next()
    }
    if let length, position % length == 0 { count = max(count, 1) }
    return count
  }
}
