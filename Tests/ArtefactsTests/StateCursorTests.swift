import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Moments

@Suite("Reading states by ranges")
struct StateCursorTests {
  private let made = HandmadeState(
    dimension: 2, tokens: [1, 4, 5, 9], counts: [1, 2, 3, 4], m2: [0, 1, 2, 3],
    means: [1, 2, 3, 4, 5, 6, 7, 8], carries: [0, 0.5, 0, 0.25, 0, 0, 0, 0])

  private func room(_ classes: Int = 4) -> RangeMoments {
    RangeMoments(capacity: classes, dimension: 2, carriesMeans: true)
  }

  @Test("Ranges get the classes that are theirs, one after another, and the bytes of these")
  func ranges() throws {
    let folder = try TemporaryFolder()
    let cursor = StateCursor(try StateReader(made.write(to: folder.file("a.h5"))))
    #expect(try cursor.tokens() == [1, 4, 5, 9])
    let union: [Int32] = [0, 1, 2, 4, 5, 6, 9, 11]
    let moments = room()
    // A token, a count, an M2, and two numbers a feature.
    let bytes = 4 + 8 + 8 + 4 * 8
    #expect(try cursor.read(union[0..<4], into: moments) == 2 * bytes)
    #expect(moments.rowOfClass == [-1, 0, -1, 1])
    #expect(Array(moments.meanElements) == [1, 2, 3, 4] && Array(moments.carryElements) == [0, 0.5, 0, 0.25])
    #expect(try cursor.read(union[4..<6], into: moments) == bytes)
    #expect(moments.classes(0..<1, of: union[4..<6]).counts == [3])
    #expect(try cursor.read(union[6..<8], into: moments) == bytes)
    #expect(moments.classes(0..<1, of: union[6..<8]).m2 == [3] && Array(moments.meanElements) == [7, 8])
    try cursor.finish { _, _ in Issue.record("there is no scatter") }
  }

  @Test("A range without classes of the state, and one behind its last, are no rows")
  func none() throws {
    let folder = try TemporaryFolder()
    let cursor = StateCursor(try StateReader(made.write(to: folder.file("a.h5"))))
    let moments = room()
    #expect(try cursor.read([0][...], into: moments) == 0)
    #expect(moments.rows == 0 && moments.rowOfClass == [-1])
    _ = try cursor.read([1, 4, 5, 9][...], into: moments)
    #expect(moments.rows == 4)
    #expect(try cursor.read([10, 12][...], into: moments) == 0)
    #expect(moments.rows == 0 && moments.rowOfClass == [-1, -1])
  }

  @Test("Classes that no range has are noticed: where they come, or at the end")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = try made.write(to: folder.file("a.h5"))
    expectBadState(mentioning: [path, "class 0 and those after it"]) {
      _ = try StateCursor(StateReader(path)).read([4, 5][...], into: room())
    }
    let cursor = StateCursor(try StateReader(path))
    _ = try cursor.read([1, 4][...], into: room())
    expectBadState(mentioning: [path, "add up to 10", "3"]) { try cursor.finish { _, _ in } }
  }

  @Test("Tokens that do not ascend are refused before anything else is read", arguments: [[4, 1], [4, 4], [-1, 4]])
  func order(tokens: [Int32]) throws {
    let folder = try TemporaryFolder()
    let path = try HandmadeState(tokens: tokens).write(to: folder.file("a.h5"))
    expectBadState(mentioning: [path, "/classes/token"]) { _ = try StateCursor(StateReader(path)).tokens() }
  }

  @Test("The scatter comes by rows, some MiB at a time, and goes into the sum")
  func scatter() throws {
    let folder = try TemporaryFolder()
    // 723 rows of 725 doubles are as much as is read at a time.
    let d = 725
    var made = HandmadeState(dimension: d, tokens: [3], counts: [2], m2: [6], means: [Double](repeating: 1, count: d))
    made.scatter = (0..<d * d).map { Double($0 % 1_000) }
    let cursor = StateCursor(try StateReader(made.write(to: folder.file("a.h5"))))
    _ = try cursor.read([3][...], into: RangeMoments(capacity: 1, dimension: d, carriesMeans: false))
    var (firsts, elements): ([Int], [Double]) = ([], [])
    try cursor.finish {
      firsts.append($0)
      elements += $1.elements
    }
    #expect(firsts == [0, 723])
    let isWhole = elements == made.scatter
    #expect(isWhole)
  }
}
