import TestSupport
import Testing

@testable import Artefacts

@Suite("Checking a state while it is read")
struct StateCheckTests {
  /// A check of a state of five samples below a vocabulary of ten.
  private func check(_ made: HandmadeState = HandmadeState()) throws -> StateCheck {
    let folder = try TemporaryFolder()
    return StateCheck(try StateReader(made.write(to: folder.file("a.h5"))))
  }

  /// Passes classes whose means are all 1, except that of `bad`.
  private func take(
    _ check: inout StateCheck, _ tokens: [Int32], _ counts: [Int], m2: [Double]? = nil, bad: Int? = nil,
    number: Double = .nan
  ) throws {
    var means = [Double](repeating: 1, count: tokens.count * 2)
    if let bad { means[bad * 2 + 1] = number }
    try means.withUnsafeBufferPointer {
      try check.take(tokens, counts, m2 ?? [Double](repeating: 0, count: tokens.count), means: $0, lowParts: nil)
    }
  }

  @Test("Tokens ascend from one call to the next, and stay below the vocabulary")
  func tokens() throws {
    for (first, second, word) in [
      ([2, 4], [4], "class 2"), ([2, 4], [5, 3], "class 3"), ([4, 2], [], "class 1"), ([-1], [], "class 0"),
      ([0, 9], [10], "token 10"), ([10], [], "vocabulary of 10"),
    ] as [([Int32], [Int32], String)] {
      var check = try check()
      expectBadState(mentioning: ["a.h5", word]) {
        try take(&check, first, first.map { _ in 1 })
        try take(&check, second, second.map { _ in 1 })
      }
    }
    var fine = try check()
    try take(&fine, [0, 8], [1, 1])
    try take(&fine, [9], [3])
    try fine.finishClasses()
    #expect(fine.classes == 3)
  }

  @Test("Counts are positive and add up to the samples of the state")
  func counts() throws {
    for (counts, word) in [
      ([1, 0], "count 0"), ([1, -1], "count -1"), ([3, 3], "count 3 of token 1"), ([6], "class 0"),
    ] {
      var check = try check()
      expectBadState(mentioning: [word]) { try take(&check, counts.indices.map { Int32($0) }, counts) }
    }
    var few = try check()
    try take(&few, [1, 2], [1, 3])
    expectBadState(mentioning: ["/classes/count", "add up to 5", "4"]) { try few.finishClasses() }
  }

  @Test("Moments are finite numbers, and no M2 is negative")
  func moments() throws {
    for m2 in [-1, .nan, .infinity, -.leastNonzeroMagnitude] as [Double] {
      var check = try check()
      expectBadState(mentioning: ["class 1", "token 5"]) { try take(&check, [3, 5], [1, 1], m2: [0, m2]) }
    }
    for number in [Double.nan, .infinity, -.infinity] {
      var check = try check()
      expectBadState(mentioning: ["class 2", "token 6"]) {
        try take(&check, [3, 5, 6], [1, 1, 1], bad: 2, number: number)
      }
    }
  }

  @Test("The checksum covers everything read, carries and scatter included")
  func sum() throws {
    let made = HandmadeState(lowParts: [0, 1e-20, 0, 0], scatter: [5, 1, 1, 3])
    var whole = try check(made)
    try made.means.withUnsafeBufferPointer { means in
      try (made.lowParts ?? []).withUnsafeBufferPointer { lowParts in
        try whole.take(made.tokens, made.counts, made.m2, means: means, lowParts: lowParts)
      }
    }
    for _ in 0..<2 { expectBadState(mentioning: ["attribute checksum", made.sum]) { try whole.finish() } }
    whole.sums.scatter.update(made.scatter ?? [])
    try whole.finish()
  }

  @Test("Second moments of features are finite and not negative", arguments: [-1, .nan, .infinity])
  func diagonals(number: Double) throws {
    let folder = try TemporaryFolder()
    let path = try HandmadeState(diagonals: [1, 1, number, 6]).write(to: folder.file("a.h5"))
    for withDiagonal in [false, true] {
      expectBadState(mentioning: [path, "class 1", "second moments", "token 7"]) {
        _ = try StateReader(path).table(withDiagonal: withDiagonal)
      }
    }
  }

  @Test("A token beyond the vocabulary is refused")
  func tokenBeyond() throws {
    let folder = try TemporaryFolder()
    let path = try HandmadeState(vocabulary: 7).write(to: folder.file("a.h5"))
    expectBadState(mentioning: [path, "class 1", "vocabulary of 7", "token 7"]) { _ = try StateReader(path).table() }
  }
}
