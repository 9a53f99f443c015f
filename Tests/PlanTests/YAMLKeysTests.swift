import Testing

@testable import Plan

@Suite("Keys of YAML")
struct YAMLKeysTests {
  @Test(
    "Names of parameters are found, whatever else the text holds",
    arguments: [
      "", "a: 1", "a: [1, {b: 2}]\nc: {d: {e: f}}", "? a\n: b", "a: &x b\n*x : c", "a: [&x [1], *x]", "\"a b\": 1",
      "- a\n- b: c", "a: {", "\u{FEFF}a: 1", "a: |\n  [x]: y\n", "~: 1",
    ])
  func names(text: String) { #expect(YAMLKeys.firstInvalidName(in: text) == nil) }

  @Test(
    "A list or a mapping as a key is found at its position, and so is the target of an alias",
    arguments: [
      ("[a]: 1", 1, 1), ("a: 1\n? {b: c}\n: d", 2, 3), ("a: &x [1]\nb: {*x : c}", 2, 5), ("a: {b: {[1]: 2}}", 1, 9),
      ("? - a\n  - b\n: c", 1, 3), ("a: &x {b: c}\nd: [{? *x : 1}]", 2, 8),
    ])
  func others(text: String, line: Int, column: Int) {
    let found = YAMLKeys.firstInvalidName(in: text)
    #expect(found?.line == line && found?.column == column)
  }
}
