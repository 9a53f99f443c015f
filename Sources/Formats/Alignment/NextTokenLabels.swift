import Storage

/// Pairs positions with the next token, one stretch at a time, as ``TokenAlignment`` describes.
struct NextTokenLabels {
  /// Consecutive positions, and those of them that have a label.
  struct Stretch {
    /// Consecutive positions of one sequence.
    struct Run: Equatable {
      var positions: Range<Int>
      /// Its number among the sequences taken; nil if unknown.
      let sequence: Int?
    }

    let positions: Range<Int>
    /// Runs of positions with a label, ascending, each within one sequence.
    var runs: [Run] = []
    /// One per position with a label.
    var labels: [Int32] = []

    /// The same stretch, with positions shifted by `offset`.
    func moved(by offset: Int) -> Stretch {
      Stretch(
        positions: positions.lowerBound + offset..<positions.upperBound + offset,
        runs: runs.map { run in
          Run(
            positions: run.positions.lowerBound + offset..<run.positions.upperBound + offset, sequence: run.sequence)
        }, labels: labels)
    }
  }

  /// Positions per stretch.
  static let stretch = 1 << 16

  /// The first position of the next stretch.
  private(set) var position = 0
  /// Number of sequences before it.
  private(set) var sequence: Int
  private let integers: StoredIntegers
  private let bounds: SequenceBounds?
  private let alignment: TokenAlignment
  private var ends: SequenceEnds
  /// The token at ``position``, if it has been read.
  private var ahead: Int64?

  /// - Parameters:
  ///   - integers: the token of each position.
  ///   - length: positions per sequence, if the shapes give it.
  ///   - bounds: where sequences end.
  init(_ integers: StoredIntegers, length: Int?, bounds: SequenceBounds?, _ alignment: TokenAlignment) throws {
    (self.integers, self.bounds, self.alignment) = (integers, bounds, alignment)
    ends = try SequenceEnds(length: length, bounds: bounds)
    sequence = ends.leading
  }

  /// The pairs of the next `most` positions; nil at the end.
  ///
  /// Throws ``StreamError`` for an invalid token id, and at the end if the bounds do not match.
  mutating func next(_ most: Int = stretch) throws -> Stretch? {
    var tokens = [Int64](repeating: 0, count: most + 1)
    let known = ahead == nil ? 0 : 1
    if let ahead { tokens[0] = ahead }
    let read = try tokens.withUnsafeMutableBufferPointer {
      try integers.read(into: UnsafeMutableBufferPointer(rebasing: $0[known...]))
    }
    let count = min(known + read, most)
    guard count > 0 else {
      try bounds?.checkTotal(position)
      return nil
    }
    for index in known..<known + read { try check(tokens[index], at: position + index) }
    ahead = known + read > most ? tokens[most] : nil
    return try pair(tokens[..<(known + read)], count)
  }

  /// Pairs each of the first `count` tokens with the token after it, if there is one.
  private mutating func pair(_ tokens: ArraySlice<Int64>, _ count: Int) throws -> Stretch {
    var stretch = Stretch(positions: position..<position + count)
    stretch.labels.reserveCapacity(count)
    for index in 0..<count {
      let place = position + index
      let (taken, isBetween) = sequence.quotientAndRemainder(dividingBy: alignment.every)
      let ending = max(try ends.next(), isEndOfText(tokens[index]) ? 1 : 0)
      sequence += ending
      guard ending == 0, isBetween == 0, index + 1 < tokens.count, !isIgnored(tokens[index]),
        !isIgnored(tokens[index + 1])
      else { continue }
      stretch.labels.append(Int32(truncatingIfNeeded: tokens[index + 1]))
      if let last = stretch.runs.last?.positions, last.upperBound == place {
        stretch.runs[stretch.runs.count - 1].positions = last.lowerBound..<place + 1
      } else {
        stretch.runs.append(Stretch.Run(positions: place..<place + 1, sequence: taken))
      }
    }
    position += count
    return stretch
  }

  private func isEndOfText(_ token: Int64) -> Bool { alignment.endOfText.map { Int64($0) == token } ?? false }

  private func isIgnored(_ token: Int64) -> Bool { !alignment.ignored.isEmpty && alignment.ignored.contains(token) }

  /// Rejects invalid token ids, unless they are ignored.
  private func check(_ token: Int64, at position: Int) throws {
    guard token < 0 || token >= TokenColumn.bound, !alignment.ignored.contains(token) else { return }
    throw StreamError(
      .badLabel, file: integers.name, position: "token \(position)",
      expected: "an id of at least 0 and below \(TokenColumn.bound)",
      found: token == .max ? "a larger one" : "\(token)",
      advice: token < 0 ? "if it stands for no token, give --ignore \(token)" : "check the type of the token ids")
  }
}
