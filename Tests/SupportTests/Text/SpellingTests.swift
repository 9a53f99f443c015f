import Testing

@testable import Support

@Suite("Spelling")
struct SpellingTests {
  @Test("A typing mistake finds the intended word")
  func slips() {
    let names = ["from", "within", "vocabulary", "output"]
    #expect(Spelling.nearest(to: "form", among: names) == "from")
    #expect(Spelling.nearest(to: "withn", among: names) == "within")
    #expect(Spelling.nearest(to: "vocabluary", among: names) == "vocabulary")
    #expect(Spelling.nearest(to: "OUTPUT", among: names) == "output")
  }

  @Test("A word that resembles none of them finds none")
  func strangers() {
    #expect(Spelling.nearest(to: "banana", among: ["from", "within"]) == nil)
    #expect(Spelling.advice(for: "banana", among: ["from", "within"]) == "use one of from, within")
    #expect(Spelling.advice(for: "banana", among: []) == "remove it")
  }

  @Test("Words of a manipulated file are not compared letter by letter, nor all listed")
  func endless() {
    let long = String(repeating: "a", count: 400_000)
    #expect(Spelling.nearest(to: long, among: [long + "b"]) == nil)
    let many = (0..<5000).map { "name\($0)" }
    #expect(Spelling.advice(for: "zzz", among: many).count < 1000)
  }

  @Test(
    "Distances count insertions, deletions, substitutions and swaps",
    arguments: [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("a", "", 1)])
  func distances(first: String, second: String, distance: Int) {
    #expect(Spelling.distance(first, second) == distance)
    #expect(Spelling.distance(second, first) == distance)
  }
}
