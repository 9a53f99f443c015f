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

  @Test("A part is of the samples of its stream, in its basis; other parts are of other samples")
  func parts() {
    func part(_ numbers: ClosedRange<Int>, of stream: String = "1", count: Int = 4, labels: String = "x") -> Provenance
    {
      var made = made("p\(numbers)", nil)
      let part = PartOfStream(numbers: numbers, count: count, rule: "sequences", stream: stream)
      (made.part, made.labelsDigest) = (part, part.identity(of: labels))
      return made
    }
    var merged = made("m", "merged labels", parts: 4)
    merged.stream = "1"
    for whole in [made("1", "x"), merged] {
      let found = [relation(part(1...1), whole), relation(whole, part(2...3))]
      #expect(found.map(\.samples) == [.aWithinB, .bWithinA])
      #expect(found.allSatisfy { $0.samplesKnownBy == .digests && $0.basisKnownBy == .digests })
    }
    #expect(relation(made("1", "x"), merged).samples == .same)
    #expect(relation(part(1...1), part(2...2), equalCounts: true).samples == .different)
    #expect(relation(part(1...1), part(2...2)).basisKnownBy == .digests)
    #expect(relation(part(1...1), part(1...2)).samples == .aWithinB)
    #expect(relation(part(1...1), part(1...1)).samples == .same)
    // Another division, or parts that overlap: nothing is known but the counts.
    #expect(relation(part(1...1), part(1...1, count: 5, labels: "x")).samplesKnownBy == .digests)
    #expect(relation(part(1...2), part(2...3), equalCounts: true).samplesKnownBy == .digests)
    // Another model on the same text: a part of its labels, in no known basis.
    let other = relation(part(1...1), made("2", "x"))
    #expect(other.samples == .aWithinB && other.basisKnownBy == nil)
    #expect(relation(part(1...1), made("2", "y")).samples == .different)
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
