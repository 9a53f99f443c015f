import Testing

@testable import Artefacts

@Suite("How two states relate")
struct StatesRelationTests {
  private func made(_ samples: String, _ labels: String?, parts: Int = 1) -> Provenance {
    Provenance(
      madeBy: "accumulate", vocabulary: 9, skipped: 0, features: ["float16"], parts: parts, samplesDigest: samples,
      labelsDigest: labels)
  }

  private func relation(
    _ a: Provenance, _ b: Provenance, equalCounts: Bool = false, same: Bool? = nil, basis: Bool = false,
    heads: [String?] = []
  ) -> StatesRelation {
    StatesRelation(a, b, equalCounts: equalCounts, sameSamples: same, sameBasis: basis, heads: heads)
  }

  @Test("Equal labels digests mean the same samples, and others different ones, whatever the counts")
  func labels() {
    let same = relation(made("1", "x"), made("2", "x"))
    #expect(same.sameSamples && same.samplesKnownBy == .digests && same.basisKnownBy == nil)
    let other = relation(made("1", "x"), made("2", "y"), equalCounts: true)
    #expect(!other.sameSamples && other.samplesKnownBy == .digests)
  }

  @Test("Where digests do not tell, the counts of all classes do: merged in other parts, or of an earlier release")
  func counts() {
    for (a, b) in [
      (made("1", "x", parts: 2), made("2", "y", parts: 3)), (made("1", nil), made("2", "y")),
      (made("", nil), made("", nil)),
    ] {
      for equal in [true, false] {
        let found = relation(a, b, equalCounts: equal)
        #expect(found.sameSamples == equal && found.samplesKnownBy == .counts && found.basisKnownBy == nil)
      }
    }
  }

  @Test("Equal features, or equal output heads, are in one basis; the user's word counts before all")
  func basis() {
    #expect(relation(made("1", "x"), made("1", "x")).basisKnownBy == .digests)
    #expect(relation(made("1", "x"), made("2", "x"), heads: ["h", "h"]).basisKnownBy == .digests)
    #expect(relation(made("1", "x"), made("2", "x"), heads: ["h", "i"]).basisKnownBy == nil)
    #expect(relation(made("1", "x"), made("2", "x"), heads: [nil, nil]).basisKnownBy == nil)
    let said = relation(made("1", "x"), made("2", "x"), same: false, basis: true)
    #expect(!said.sameSamples && said.samplesKnownBy == .option && said.basisKnownBy == .option)
  }
}
