import Testing

@testable import Geometry
@testable import Moments

@Suite("Groups of classes")
struct ClassGroupingTests {
  private func bands(_ count: Int, _ counts: [Int]) throws -> [[Int32]] {
    let table = MomentsTable(means: counts.map { _ in [1, 0] }, counts: counts)
    return try ClassGrouping.bands(count, of: ClassSelection(table)).groups.map(\.tokens)
  }

  @Test("Bands split the classes by count and then token, the rarest first")
  func rarest() throws {
    #expect(try bands(2, [9, 1, 5, 2]) == [[1, 3], [0, 2]])
    #expect(try bands(2, [3, 3, 3, 3]) == [[0, 1], [2, 3]])
    #expect(try bands(1, [9, 1, 5]) == [[0, 1, 2]])
    #expect(try bands(3, [9, 1, 5]) == [[1], [2], [0]])
  }

  @Test("Sizes differ by at most one and follow ⌊iK/B⌋", arguments: [(11, 4), (10, 10), (1000, 7), (97, 96)])
  func sizes(classes: Int, count: Int) throws {
    let parts = try bands(count, (0..<classes).map { 2 + $0 * 37 % classes })
    #expect(parts.map(\.count) == (0..<count).map { ($0 + 1) * classes / count - $0 * classes / count })
    #expect(parts.joined().sorted() == (0..<classes).map { Int32($0) })
  }

  @Test("Only selected classes are banded; more bands than classes are bad input")
  func selected() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [1, 1], [2, 1]], counts: [1, 9, 4, 2])
    let selection = try ClassSelection(table, ClassFilter(minCount: 2))
    let grouping = try ClassGrouping.bands(3, of: selection)
    #expect(grouping.groups.map(\.tokens) == [[3], [2], [1]])
    #expect(grouping.groups.map(\.label) == [.integer(1), .integer(2), .integer(3)])
    #expect(throws: GeometryError.tooManyBands(bands: 4, classes: 3)) {
      try ClassGrouping.bands(4, of: selection)
    }
  }

  @Test("Types keep their order; types without classes, and classes without a type, are left out")
  func types() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [1, 1], [2, 1]])
    let names: [Int32: String] = [0: "word", 1: "special", 3: "word"]
    let grouping = ClassGrouping.types(["special", "punctuation", "word"], of: try ClassSelection(table)) { names[$0] }
    #expect(grouping.groups.map(\.label) == ["special", "word"])
    #expect(grouping.groups.map(\.tokens) == [[1], [0, 3]])
  }
}
