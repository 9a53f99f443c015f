import TestSupport
import Testing

@testable import Formats

@Suite("Tokens of positions")
struct AlignedTokensTests {
  private let ids = (0..<20).map { Int32($0 * $0 % 17) }

  /// The tokens after some positions.
  private func behind(_ positions: some Sequence<Int>) -> [Int32] { positions.map { ids[$0 + 1] } }

  /// Whether a position is the last of a sequence of seven, or the last of all.
  private func isLast(_ position: Int) -> Bool { position % 7 == 6 || position == 19 }

  private func open(
    _ folder: TemporaryFolder, _ bytes: [UInt8]? = nil, bounds: TokenAlignment.Bounds = .length(7),
    positions: Int = 20, rows: Int? = nil
  ) throws -> AlignedTokens {
    let alignment = TokenAlignment(
      tokens: [try folder.write("t", bytes ?? NPY.bytes(of: ids))], width: .uint32, bounds: bounds)
    return try AlignedTokens(
      TokenFile(alignment.tokens[0], width: .uint32, options: ReadOptions()), number: 0, alignment,
      positions: positions,
      rows: rows, options: ReadOptions())
  }

  @Test("Stretches end at sequence ends, and the label there is the token after it", arguments: 1...20)
  func end(position: Int) throws {
    let folder = try TemporaryFolder()
    let tokens = try open(folder)
    var labels: [Int32] = []
    for end in [position, 20] {
      while let stretch = try tokens.next(before: end) {
        #expect(stretch.positions.upperBound <= end)
        labels += stretch.labels
      }
      #expect(tokens.pairs.position == end)
    }
    #expect(labels == behind((0..<20).filter { !isLast($0) }))
    #expect(try tokens.checkEnd() == nil)
  }

  @Test("After skipping to a position, the rest is the same, and skipping back is impossible", arguments: 0...20)
  func skip(position: Int) throws {
    let folder = try TemporaryFolder()
    let tokens = try open(folder)
    try tokens.skip(to: position)
    #expect(tokens.pairs.position == position)
    try tokens.skip(to: position / 2)
    let rest = try tokens.next(before: 20)
    #expect(rest?.labels ?? [] == behind((position..<20).filter { !isLast($0) }))
    #expect(rest?.positions == (position == 20 ? nil : position..<20))
  }

  @Test("Tokens after the last position are counted, in any container")
  func more() throws {
    let folder = try TemporaryFolder()
    for bytes in [NPY.labels(ids), NPY.bytes(of: ids), Zstd.frame(NPY.bytes(of: ids))] {
      let tokens = try open(folder, bytes)
      try tokens.skip(to: 12)
      #expect(try tokens.checkEnd() == 20)
    }
  }

  @Test("Bounds come from their own array, whose file must not change either")
  func bounds() throws {
    let folder = try TemporaryFolder()
    let lengths = try folder.write("l.npy", NPY.labels([5, 0, 1, 14]))
    let tokens = try open(folder, bounds: .lengths([lengths]))
    #expect(tokens.integrities.count == 2 && tokens.bounds?.total == 20)
    #expect(try tokens.next(before: 20)?.labels == behind(Array(0..<4) + Array(6..<19)))
    expectError(.countMismatch, file: lengths, mentioning: "21 positions", "found 20") {
      _ = try open(folder, bounds: .lengths([lengths]), positions: 21)
    }
  }

  @Test("With flat tokens, rows of the features are sequences; a second length is refused")
  func rows() throws {
    let folder = try TemporaryFolder()
    let tokens = try open(folder, bounds: .unspecified, rows: 10)
    #expect(try tokens.next(before: 20)?.labels == behind((0..<19).filter { $0 != 9 }))
    #expect(tokens.integrities.count == 1)
    expectError(.badReference, mentioning: "sequences of 10 positions", "--sequence-length 7") {
      _ = try open(folder, rows: 10)
    }
  }
}
