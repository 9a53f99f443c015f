import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Moments
@testable import Support

@Suite("Merging decisions")
struct DecisionsMergeTests {
  private func provenance(
    moments: String = "aa", classifier: String = "bb", skipped: Int = 0, parts: Int = 1, samples: String = "cc"
  ) -> DecisionsProvenance {
    DecisionsFormatTests.provenance(
      moments: moments, classifier: classifier, skipped: skipped, parts: parts, samples: samples)
  }

  private func decisions(_ seed: Int = 1) -> Decisions { DecisionsFormatTests.decisions(seed) }

  @Test("Merged files hold the decisions on the whole, and name merge as their maker")
  func merged() throws {
    let folder = try TemporaryFolder()
    try decisions(1).write(to: folder.file("a.h5"), provenance(skipped: 2))
    try decisions(2).write(to: folder.file("b.h5"), provenance(skipped: 3, parts: 4, samples: "ee"))
    let merged = try #require(try DecisionsMerge.merge([folder.file("a.h5"), folder.file("b.h5")]))
    var whole = decisions(1)
    whole.merge(decisions(2))
    #expect(merged.decisions == whole)
    #expect(merged.provenance.made.madeBy == "merge")
    #expect(merged.provenance.made.skipped == 5 && merged.provenance.made.parts == 5)
    #expect(merged.provenance.made.features == ["float16"])
  }

  @Test("Decisions by other moments or another classifier are not merged, nor are counts that overflow")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("a.h5"), provenance())
    var seen = provenance()
    seen.headRows = .seen
    for (name, other) in [
      ("head_rows", seen),
      ("moments_checksum", provenance(moments: "other")),
      ("classifier_checksum", provenance(classifier: "predictions")),
    ] {
      try decisions().write(to: folder.file("b.h5"), other)
      let error = #expect(throws: MomentsError.self) {
        try DecisionsMerge.merge([folder.file("a.h5"), folder.file("b.h5")])
      }
      #expect(error?.kind == .decisionsMismatch)
      #expect(error?.description.contains("b.h5, attribute \(name)") == true)
    }
    try decisions().write(to: folder.file("b.h5"), provenance(parts: 1 << 53, samples: "ee"))
    let error = #expect(throws: RewordedError.self) {
      try DecisionsMerge.merge([folder.file("a.h5"), folder.file("b.h5")])
    }
    #expect(error?.description.contains("b.h5: expected at most 9007199254740992 parts") == true)
  }

  @Test("A file that does not record its head takes it from one that does; the same samples twice give a warning")
  func recorded() throws {
    let folder = try TemporaryFolder()
    for (name, seed, head) in [("a.h5", 1, nil), ("b.h5", 2, "dd")] as [(String, Int, String?)] {
      try decisions(seed).write(to: folder.file(name), DecisionsFormatTests.provenance(head: head, samples: name))
    }
    let names = ["a.h5", "b.h5"].map(folder.file)
    #expect(try DecisionsMerge.merge(names)?.provenance.headDigest == "dd")
    #expect(try DecisionsMerge.merge(names)?.warnings == [])
    #expect(try DecisionsMerge.merge(names + [names[0]])?.warnings.first?.contains("a.h5 is given twice") == true)
  }

  @Test("States and decisions cannot be mixed")
  func mixed() throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("d.h5"), provenance())
    try ClassSamples(classes: 3, dimension: 2, rows: 9, seed: 1).moments(.float32).write(
      to: folder.file("m.h5"),
      Provenance(
        madeBy: "accumulate", vocabulary: 3, vocabularyWasGiven: false, skipped: 0, features: ["float32"], parts: 1,
        samplesDigest: ""))
    let (state, decided) = (folder.file("m.h5"), folder.file("d.h5"))
    #expect(try DecisionsMerge.applies(to: [decided, decided]))
    #expect(try !DecisionsMerge.applies(to: [state, state]))
    for names in [[state, decided], [decided, state]] {
      let error = #expect(throws: MomentsError.self) { try DecisionsMerge.applies(to: names) }
      #expect(error?.description.contains(names[1]) == true)
    }
  }

  @Test("Storage types are listed once in order of appearance, the digest is the tree's, and each file is reported")
  func order() throws {
    let folder = try TemporaryFolder()
    let made = [("a", ["float32"]), ("b", ["float16", "float32"]), ("c", ["bfloat16", "float16"])]
    for (name, features) in made {
      var provenance = provenance()
      (provenance.made.features, provenance.made.samplesDigest) = (features, name)
      try decisions().write(to: folder.file(name), provenance)
    }
    var told: [Int] = []
    let merged = try DecisionsMerge.merge(made.map { folder.file($0.0) }) { told.append($0) }
    #expect(told == [1, 2, 3])
    #expect(merged?.provenance.made.features == ["float32", "float16", "bfloat16"])
    #expect(merged?.provenance.made.samplesDigest == MergeTree.digest(["a", "b", "c"]))
    #expect(merged?.decisions.totals().samples == 900)
    #expect(throws: NonfiniteRow(row: 2)) {
      try DecisionsMerge.merge(made.map { folder.file($0.0) }) { if $0 == 2 { throw NonfiniteRow(row: 2) } }
    }
  }

  @Test("Merging nothing gives nothing, and a merge of nothing is not a decisions file")
  func nothing() throws {
    #expect(try DecisionsMerge.merge([]) == nil)
    #expect(try !DecisionsMerge.applies(to: []))
  }
}
