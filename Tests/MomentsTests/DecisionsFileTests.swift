import Embeddings
import Streams
import TestSupport
import Testing

@testable import Moments

@Suite("Decisions files")
struct DecisionsFileTests {
  private func provenance(
    moments: String = "aa", classifier: String = "bb", skipped: Int = 0, parts: Int = 1
  ) -> DecisionsProvenance {
    DecisionsProvenance(
      madeBy: "decide", dimension: 4, classes: 20, vocabulary: 20, skipped: skipped, features: ["float16"],
      parts: parts, samplesDigest: "cc", momentsChecksum: moments, classifierChecksum: classifier)
  }

  private func decisions(_ seed: Int = 1, samples: Int = 300) -> Decisions {
    let (labels, model, nearest) = DecisionsTests.random(samples, seed: seed)
    var decisions = Decisions()
    decisions.add(labels: labels, model: model, nearest: nearest)
    return decisions
  }

  @Test("A file reads back as it was, with what made it, and the same decisions give the same bytes")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    for name in ["a.h5", "b.h5"] { try decisions().write(to: folder.file(name), provenance()) }
    let read = try DecisionsReader(folder.file("a.h5"))
    #expect(read.decisions == decisions())
    #expect(read.provenance == provenance())
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
    #expect(try DecisionsReader.recognizes(HDF5File(reading: folder.file("a.h5"))))
  }

  @Test(
    "Attributes that were changed or taken out are found",
    arguments: [
      ("format", .text("collapse-moments")), ("format", nil), ("format_version", .int(2)), ("samples", .int(299)),
      ("samples", .int(-1)), ("other_pairs", .int(1)), ("K", .int(0)), ("dimension", nil),
      ("moments_checksum", .text("ab")), ("classifier_checksum", nil), ("parts", .int(2)), ("checksum", nil),
    ] as [(String, HDF5Attribute?)])
  func changed(name: String, value: HDF5Attribute?) throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("a.h5"), provenance())
    try rewrite(folder.file("a.h5"), as: folder.file("b.h5"), with: [name: value])
    let error = #expect(throws: MomentsError.self) { try DecisionsReader(folder.file("b.h5")) }
    #expect(error?.kind == .badState && error?.isBadInput == true)
    #expect(error?.description.contains("b.h5") == true)
  }

  @Test("Numbers that were changed are found, and so is a file cut short")
  func damaged() throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("a.h5"), provenance())
    let bytes = try folder.read("a.h5")
    let tokens = NPY.bytes(of: decisions().classes.keys.sorted())
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: tokens) })
    for (offset, bit) in [(0, UInt8(1)), (4, 0x80), (tokens.count - 1, 0x80)] {
      var copy = bytes
      copy[place + offset] ^= bit
      try folder.write("b.h5", copy)
      #expect(throws: MomentsError.self) { try DecisionsReader(folder.file("b.h5")) }
    }
    for kept in [1, 100, 1_000, bytes.count - 1] {
      try folder.write("cut.h5", Array(bytes.prefix(kept)))
      #expect(throws: StreamError.self) { try DecisionsReader(folder.file("cut.h5")) }
    }
  }

  @Test("Files merged are what was decided of the whole, made by merge")
  func merged() throws {
    let folder = try TemporaryFolder()
    try decisions(1).write(to: folder.file("a.h5"), provenance(skipped: 2))
    try decisions(2).write(to: folder.file("b.h5"), provenance(skipped: 3, parts: 4))
    let merged = try #require(try DecisionsMerge.merge([folder.file("a.h5"), folder.file("b.h5")]))
    var whole = decisions(1)
    whole.merge(decisions(2))
    #expect(merged.decisions == whole)
    #expect(merged.provenance.madeBy == "merge")
    #expect(merged.provenance.skipped == 5 && merged.provenance.parts == 5)
    #expect(merged.provenance.features == ["float16"])
  }

  @Test("Decisions by other moments or another classifier are not merged, and neither are more than can be counted")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("a.h5"), provenance())
    for (name, other) in [
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
    try decisions().write(to: folder.file("b.h5"), provenance(parts: 1 << 53))
    let error = #expect(throws: ErrorInFile.self) {
      try DecisionsMerge.merge([folder.file("a.h5"), folder.file("b.h5")])
    }
    #expect(error?.description.contains("b.h5: expected at most 9007199254740992 parts") == true)
  }

  @Test("States and decisions are not mixed")
  func mixed() throws {
    let folder = try TemporaryFolder()
    try decisions().write(to: folder.file("d.h5"), provenance())
    try Samples(classes: 3, dimension: 2, rows: 9, seed: 1).moments(.float32).write(
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
}
