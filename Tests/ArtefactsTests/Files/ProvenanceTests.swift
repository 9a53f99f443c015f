import Testing

@testable import Artefacts
@testable import Moments
@testable import Storage

@Suite("Provenance")
struct ProvenanceTests {
  private func made(
    vocabulary: Int, given: Bool, skipped: Int, _ features: [String], parts: Int, _ digest: String
  ) -> Provenance {
    Provenance(
      madeBy: "accumulate", vocabulary: vocabulary, vocabularyWasGiven: given, skipped: skipped, features: features,
      parts: parts, samplesDigest: digest)
  }

  @Test("A merge has the largest vocabulary, the sums, and every storage type once, in order of appearance")
  func byHand() {
    let merged = Provenance(merging: [
      made(vocabulary: 7, given: false, skipped: 1, ["float32"], parts: 1, "a"),
      made(vocabulary: 12, given: true, skipped: 0, ["float16", "float32"], parts: 4, "b"),
      made(vocabulary: 9, given: false, skipped: 5, ["bfloat16", "float16"], parts: 2, "c"),
    ])
    #expect(merged.madeBy == "merge" && merged.vocabulary == 12 && merged.vocabularyWasGiven)
    #expect(merged.skipped == 6 && merged.parts == 7 && merged.features == ["float32", "float16", "bfloat16"])
    let grown = Provenance(merging: [made(vocabulary: 7, given: false, skipped: 0, [], parts: 1, "a")])
    #expect(!grown.vocabularyWasGiven && grown.samplesDigest == "a" && grown.madeBy == "merge")
  }

  private func both(_ left: String, _ right: String) -> String {
    let sum = Checksum()
    sum.update(left + right)
    return sum.value
  }

  @Test("The digest of a merge is a tree: pairs, fours, and the rest last")
  func digest() {
    let five = both(both(both("a", "b"), both("c", "d")), "e")
    #expect(MergeTree.digest(["a", "b", "c", "d", "e"]) == five)
    #expect(MergeTree.digest(["a"]) == "a")
    #expect(MergeTree.digest(["b", "a"]) == both("b", "a") && both("b", "a") != both("a", "b"))
  }

  @Test("Merging aligned groups separately, and then their results, gives the same digest", arguments: 1...20)
  func groups(count: Int) {
    let parts = (0..<count).map { "part \($0)" }
    for size in [2, 4, 8] {
      let groups = stride(from: 0, to: count, by: size).map {
        MergeTree.digest(Array(parts[$0..<min($0 + size, count)]))
      }
      #expect(MergeTree.digest(groups) == MergeTree.digest(parts))
    }
  }
}
