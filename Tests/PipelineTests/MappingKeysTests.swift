import Testing

@testable import Pipeline

@Suite("Keys of mappings")
struct MappingKeysTests {
  @Test(
    "A list, a mapping or an alias as key is found where it stands",
    arguments: [
      ("a: 1\n? [x, y]\n: 2", 2, 3), ("a: { b: { [x]: 1 } }", 1, 11), ("a: 1\n? { x: y }\n: 2", 2, 3),
      ("a: &n b\n*n : 2", 2, 1), ("- 1\n- a: [1, { ? [] : 1 }]", 2, 14), ("a: [b, c]\nd: &x [1]\n? *x\n: 3", 3, 3),
    ])
  func compound(text: String, line: Int, column: Int) throws {
    let found = try #require(MappingKeys.firstCompound(in: text))
    #expect(found.line == line && found.column == column, "\(found)")
  }

  @Test(
    "Names as keys are fine, whatever their values are, and what is no YAML has no keys",
    arguments: [
      "", "a", "[1, [2, { a: b }]]", "a: { b: [1, { c: [] }], d: {} }\ne: 1", "a: &x [1]\nb: *x\nc: { d: *x, e: 1 }",
      "? a\n: b", "\"a\": 1\n'b': 2", "a: *b", "a: [", "\u{7}", "a: 1\n--- \nb: 2",
    ])
  func scalars(text: String) { #expect(MappingKeys.firstCompound(in: text) == nil) }
}
