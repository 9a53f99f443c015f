import Embeddings
import Foundation
import Streams
import TestSupport
import Testing

@testable import Moments

@Suite("State files")
struct StateFileTests {
  private let provenance = Provenance(
    madeBy: "accumulate", vocabulary: 64, vocabularyWasGiven: true, skipped: 3, features: ["float32"], parts: 1,
    samplesDigest: "00ff")

  private func samples(_ seed: Int = 1) -> Samples { Samples(classes: 25, dimension: 6, rows: 400, seed: seed) }

  @Test("A state reads back bit for bit, with what made it", arguments: ScalarType.allCases, WithinScatter.allCases)
  func roundTrip(scalar: ScalarType, within: WithinScatter) throws {
    let folder = try TemporaryFolder()
    let moments = samples().moments(scalar, within: within)
    try moments.write(to: folder.file("a.h5"), provenance)
    let state = try StateReader(folder.file("a.h5"))
    #expect(try state.table() == moments.table)
    #expect(state.provenance == provenance)
    #expect(state.samples == 400)
    #expect(state.within == within)
    #expect(try folder.names == ["a.h5"])
  }

  @Test("The same moments give the same bytes")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    for name in ["a.h5", "b.h5"] { try samples().moments(.float64).write(to: folder.file(name), provenance) }
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
  }

  @Test("A state cut short anywhere is refused as such", arguments: [1, 8, 100, 1_000, 5_000])
  func truncated(kept: Int) throws {
    let folder = try TemporaryFolder()
    try samples().moments(.float32).write(to: folder.file("a.h5"), provenance)
    try folder.write("cut.h5", Array(folder.read("a.h5").prefix(kept)))
    #expect(throws: StreamError.self) { try StateReader(folder.file("cut.h5")).table() }
  }

  @Test("A flipped bit in the numbers is found by the checksum")
  func flipped() throws {
    let folder = try TemporaryFolder()
    let moments = samples().moments(.float32)
    try moments.write(to: folder.file("a.h5"), provenance)
    var bytes = Array(try folder.read("a.h5"))
    let mean = try NPY.bytes(of: [moments.table.means.elements[7]])
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: mean) })
    bytes[place] ^= 1
    try folder.write("flipped.h5", bytes)
    let error = #expect(throws: MomentsError.self) { try StateReader(folder.file("flipped.h5")).table() }
    #expect(error?.kind == .badState)
    #expect(error?.description.contains("flipped.h5, attribute checksum") == true)
  }

  private func expectBad(
    _ path: String, mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: MomentsError.self, sourceLocation: sourceLocation) { try StateReader(path).table() }
    #expect(error?.kind == .badState, sourceLocation: sourceLocation)
    for word in [path] + words {
      #expect(error?.description.contains(word) == true, "\(String(describing: error))", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "Attributes out of range are refused by name, whatever they would have led to",
    arguments: [
      ("dimension", Int.max), ("dimension", 1 << 62), ("dimension", 1 << 38), ("dimension", 0), ("dimension", -1),
      ("classes", Int.max), ("classes", 1 << 31), ("classes", -1), ("classes", 0), ("samples", Int.max),
      ("samples", 1 << 53 + 1), ("samples", 0), ("skipped_nonfinite", Int.max), ("skipped_nonfinite", -1),
      ("parts", Int.max), ("parts", 0), ("vocabulary", -1), ("vocabulary", 0), ("vocabulary_given", 2),
    ])
  func outOfRange(name: String, value: Int) throws {
    let folder = try TemporaryFolder()
    try samples().moments(.float32).write(to: folder.file("a.h5"), provenance)
    try rewrite(folder.file("a.h5"), as: folder.file("b.h5"), with: [name: .int(value)])
    expectBad(folder.file("b.h5"), mentioning: "attribute \(name)")
  }

  @Test(
    "An attribute changed to what could be is found by the checksum",
    arguments: [
      ("vocabulary", HDF5Attribute.int(65)), ("vocabulary_given", .int(0)), ("skipped_nonfinite", .int(4)),
      ("parts", .int(2)), ("features", .text("float16")), ("samples_digest", .text("00fe")), ("within", .text("none")),
    ])
  func changedAttribute(name: String, value: HDF5Attribute) throws {
    let folder = try TemporaryFolder()
    try samples().moments(.float32).write(to: folder.file("a.h5"), provenance)
    try rewrite(folder.file("a.h5"), as: folder.file("same.h5"), with: [:])
    #expect(try StateReader(folder.file("same.h5")).table() == StateReader(folder.file("a.h5")).table())
    try rewrite(folder.file("a.h5"), as: folder.file("b.h5"), with: [name: value])
    expectBad(folder.file("b.h5"), mentioning: "attribute checksum")
  }

  @Test("Shapes other than the attributes say, another scatter and a missing checksum are refused")
  func contradictions() throws {
    let folder = try TemporaryFolder()
    let (whole, changed) = (folder.file("a.h5"), folder.file("b.h5"))
    try samples().moments(.float32).write(to: whole, provenance)
    try rewrite(whole, as: changed, with: ["dimension": .int(5)])
    expectBad(changed, mentioning: "/classes/mean", "[25, 5]")
    try rewrite(whole, as: changed, with: ["samples": .int(399)])
    expectBad(changed, mentioning: "399")
    try rewrite(whole, as: changed, with: ["samples": .int(401)])
    expectBad(changed, mentioning: "/classes/count")
    try rewrite(whole, as: changed, with: ["within": .text("all")])
    expectBad(changed, mentioning: "attribute within", "“all”")
    try rewrite(whole, as: changed, with: ["checksum": nil])
    expectBad(changed, mentioning: "attribute checksum", "none")
  }

  @Test("A token beyond the vocabulary is refused")
  func tokenBeyond() throws {
    let folder = try TemporaryFolder()
    var small = provenance
    small.vocabulary = 24
    try samples().moments(.float32).write(to: folder.file("a.h5"), small)
    expectBad(folder.file("a.h5"), mentioning: "class 24", "vocabulary of 24", "token 24")
  }

  @Test("A state of no classes is not written")
  func noClasses() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: MomentsError.self) {
      try ClassMoments(dimension: 3).write(to: folder.file("a.h5"), provenance)
    }
    #expect(error?.description.contains("\(folder.file("a.h5")): expected samples") == true)
    #expect(try folder.names == [])
  }

  @Test("Other files are refused by what they are")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("text.h5", text: "not a state")
    let file = try HDF5File(writing: folder.file("other.h5"), for: "other.h5")
    try file.setAttribute("format", .text("something else"))
    #expect(throws: StreamError.self) { try StateReader(folder.file("text.h5")) }
    #expect(throws: StreamError.self) { try StateReader(folder.file("missing.h5")) }
    _ = consume file
    #expect(throws: MomentsError.self) { try StateReader(folder.file("other.h5")) }
  }

  @Test("Random damage never crashes: the state is refused, or reads as it was")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let moments = samples().moments(.float16)
    try moments.write(to: folder.file("a.h5"), provenance)
    let bytes = Array(try folder.read("a.h5"))
    var generator = SeededGenerator(5)
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
      }
      try folder.write("damaged.h5", damaged)
      if let table = try? StateReader(folder.file("damaged.h5")).table() { #expect(try table == moments.table) }
    }
  }
}
