import Support
import Testing

@testable import Storage

@Suite("Patterns of names")
struct NamePatternTests {
  @Test(
    "Patterns match what a shell's do",
    arguments: [
      ("*", ["a", "ab", "日本"], [".a"]), ("*.npy", ["a.npy", "a.b.npy"], [".npy", "a.npy.zst", "npy"]),
      ("a*b*c", ["abc", "axxbyyc", "abcbc"], ["ab", "acb", "abcx"]), ("?", ["a", "é", "日"], ["", "ab", "."]),
      ("a[0-9]", ["a0", "a9"], ["a", "ab", "a10"]), ("a[!0-9]", ["ab"], ["a1", "a"]), ("a[^0-9]", ["ab"], ["a1"]),
      ("[]a]", ["]", "a"], ["b"]), ("[a-]", ["a", "-"], ["b"]), ("[é-ë]", ["ê"], ["e"]),
      ("[[:digit:]x]", ["7", "x"], ["y", ":"]), ("[", ["["], ["a"]), ("a[b", ["a[b"], ["ab"]),
      ("\\*", ["*"], ["a"]), ("a\\?", ["a?"], ["ab"]), (".*", [".a", "."], ["a"]), ("[.]a", [], [".a"]),
      ("**", ["a"], [".a"]), ("plain", ["plain"], ["Plain", "plain2"]),
    ] as [(String, [String], [String])])
  func matches(pattern: String, good: [String], bad: [String]) {
    for name in good { #expect(NamePattern(pattern).matches(name), "\(name)") }
    for name in bad { #expect(!NamePattern(pattern).matches(name), "\(name)") }
  }

  @Test("A byte that is not UTF-8 is one character")
  func bytes() {
    let name = FileName.text(Array("caf".utf8) + [0xE9] + Array(".npy".utf8))
    for pattern in ["*.npy", "caf?.npy", "caf[!a-z].npy"] { #expect(NamePattern(pattern).matches(name), "\(pattern)") }
    #expect(!NamePattern("caf.npy").matches(name) && !NamePattern("caf??.npy").matches(name))
  }

  @Test("Many stars take no long time", .timeLimit(.minutes(5)))
  func stars() {
    let stars = String(repeating: "*a", count: 50)
    #expect(!NamePattern(stars + "b").matches(String(repeating: "a", count: 250)))
    #expect(NamePattern(stars).matches(String(repeating: "a", count: 250)))
  }

  @Test("A pattern without wildcards is a name")
  func literal() {
    #expect(
      NamePattern("a\\*b").literal == "a*b" && NamePattern("ab").literal == "ab" && NamePattern("[").literal == "[")
    #expect(NamePattern("a*").literal == nil && NamePattern("a?").literal == nil && NamePattern("[a]").literal == nil)
  }
}
