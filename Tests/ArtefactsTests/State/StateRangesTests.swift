import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Moments

@Suite("Reading states by ranges")
struct StateRangesTests {
  private let made = HandmadeState(
    dimension: 2, tokens: [1, 4, 5, 9], counts: [1, 2, 3, 4], m2: [0, 1, 2, 3],
    means: [1, 2, 3, 4, 5, 6, 7, 8], lowParts: [0, 0.5, 0, 0.25, 0, 0, 0, 0])

  private func room(_ classes: Int = 4) -> RangeMoments {
    try! RangeMoments(capacity: classes, dimension: 2, keepsLowParts: true)
  }

  @Test("Each range gets its classes, in order, and the bytes read for them")
  func ranges() throws {
    let folder = try TemporaryFolder()
    let state = try StateReader(made.write(to: folder.file("a.h5")))
    var check = StateCheck(state)
    #expect(try state.tokens() == [1, 4, 5, 9])
    let union: [Int32] = [0, 1, 2, 4, 5, 6, 9, 11]
    let moments = room()
    // A token, a count, an M2, and two numbers per feature.
    let bytes = 4 + 8 + 8 + 4 * 8
    #expect(try state.read(union[0..<4], into: moments, &check) == 2 * bytes)
    #expect(moments.rowOfClass == [-1, 0, -1, 1])
    #expect(Array(moments.meanElements) == [1, 2, 3, 4] && Array(moments.lowPartElements) == [0, 0.5, 0, 0.25])
    #expect(try state.read(union[4..<6], into: moments, &check) == bytes)
    #expect(try moments.classes(0..<1, of: union[4..<6]).counts == [3])
    #expect(try state.read(union[6..<8], into: moments, &check) == bytes)
    #expect(try moments.classes(0..<1, of: union[6..<8]).m2 == [3] && Array(moments.meanElements) == [7, 8])
    try state.finish(check) { _, _ in Issue.record("there is no scatter") }
  }

  @Test("A range without classes, or after the last class, has no rows")
  func none() throws {
    let folder = try TemporaryFolder()
    let state = try StateReader(made.write(to: folder.file("a.h5")))
    var check = StateCheck(state)
    let moments = room()
    #expect(try state.read([0][...], into: moments, &check) == 0)
    #expect(moments.rows == 0 && moments.rowOfClass == [-1])
    _ = try state.read([1, 4, 5, 9][...], into: moments, &check)
    #expect(moments.rows == 4)
    #expect(try state.read([10, 12][...], into: moments, &check) == 0)
    #expect(moments.rows == 0 && moments.rowOfClass == [-1, -1])
  }

  @Test("Classes outside all ranges are detected, when they appear or at the end")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = try made.write(to: folder.file("a.h5"))
    expectBadState(mentioning: [path, "class 0 and those after it"]) {
      let state = try StateReader(path)
      var check = StateCheck(state)
      _ = try state.read([4, 5][...], into: room(), &check)
    }
    let state = try StateReader(path)
    var check = StateCheck(state)
    _ = try state.read([1, 4][...], into: room(), &check)
    expectBadState(mentioning: [path, "add up to 10", "3"]) { try state.finish(check) { _, _ in } }
  }

  @Test("Tokens out of order are refused before anything else is read", arguments: [[4, 1], [4, 4], [-1, 4]])
  func order(tokens: [Int32]) throws {
    let folder = try TemporaryFolder()
    let path = try HandmadeState(tokens: tokens).write(to: folder.file("a.h5"))
    expectBadState(mentioning: [path, "/classes/token"]) { _ = try StateReader(path).tokens() }
  }

  @Test("The scatter is read by rows, a few MiB at a time, and enters the checksum")
  func scatter() throws {
    let folder = try TemporaryFolder()
    // One read takes 723 rows of 725 doubles.
    let d = 725
    var made = HandmadeState(dimension: d, tokens: [3], counts: [2], m2: [6], means: [Double](repeating: 1, count: d))
    made.scatter = (0..<d * d).map { Double($0 % 1_000) }
    let state = try StateReader(made.write(to: folder.file("a.h5")))
    var check = StateCheck(state)
    _ = try state.read([3][...], into: RangeMoments(capacity: 1, dimension: d, keepsLowParts: false), &check)
    var (firsts, elements): ([Int], [Double]) = ([], [])
    try state.finish(check) {
      firsts.append($0)
      elements += $1.elements
    }
    #expect(firsts == [0, 723])
    let isWhole = elements == made.scatter
    #expect(isWhole)
  }
}
