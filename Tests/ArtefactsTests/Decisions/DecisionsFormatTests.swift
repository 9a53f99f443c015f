import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import HDF5
@testable import Moments
@testable import Storage

@Suite("Decisions files")
struct DecisionsFormatTests {
  static func provenance(
    moments: String = "aa", classifier: String = "bb", head: String? = "dd", skipped: Int = 0, parts: Int = 1,
    samples: String = "cc"
  ) -> DecisionsProvenance {
    DecisionsProvenance(
      Provenance(
        madeBy: "decide", vocabulary: 20, skipped: skipped, features: ["float16"], parts: parts, samplesDigest: samples),
      dimension: 4, classes: 20, momentsChecksum: moments, classifierChecksum: classifier,
      headDigest: head)
  }

  static func decisions(_ seed: Int = 1, samples: Int = 300) -> Decisions {
    var generator = SeededGenerator(seed)
    func tokens(_ bound: Int32) -> [Int32] { (0..<samples).map { _ in Int32.random(in: 0..<bound, using: &generator) } }
    var decisions = Decisions()
    decisions.add(labels: tokens(30), model: tokens(20), nearest: tokens(20))
    return decisions
  }

  @Test("A file reads back unchanged, with its provenance, and the same decisions give the same bytes")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    for name in ["a.h5", "b.h5"] { try Self.decisions().write(to: folder.file(name), Self.provenance()) }
    let read = try DecisionsReader(folder.file("a.h5"))
    #expect(read.decisions == Self.decisions())
    #expect(read.provenance == Self.provenance())
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
    #expect(try DecisionsFormat.file.recognizes(HDF5File(reading: folder.file("a.h5"))))
  }

  @Test(
    "Changed or missing attributes are detected",
    arguments: [
      ("format", .text("collapse-moments")), ("format", nil), ("format_version", .int(4)), ("samples", .int(299)),
      ("samples", .int(-1)), ("other_pairs", .int(1)), ("K", .int(0)), ("dimension", nil),
      ("moments_checksum", .text("ab")), ("classifier_checksum", nil), ("head_digest", .text("ee")),
      ("head_digest", nil), ("parts", .int(2)), ("checksum", nil),
    ] as [(String, HDF5Attribute?)])
  func changed(name: String, value: HDF5Attribute?) throws {
    let folder = try TemporaryFolder()
    try Self.decisions().write(to: folder.file("a.h5"), Self.provenance())
    try rewrite(folder.file("a.h5"), as: folder.file("b.h5"), with: [name: value])
    let error = #expect(throws: MomentsError.self) { try DecisionsReader(folder.file("b.h5")) }
    #expect(error?.kind == .badState && error?.isBadInput == true)
    #expect(error?.description.contains("b.h5") == true)
  }

  @Test("A head is the one of the decisions, another, or unknown; predictions belong to no head")
  func heads() {
    #expect(Self.provenance(head: "h").match("h") == .same && Self.provenance(head: "h").match("bb") == .other)
    #expect(Self.provenance(classifier: "predictions", head: nil).match("h") == .predictions)
    // Version 1 has one checksum for head and bias; without a bias it is that of the head.
    #expect(Self.provenance(head: nil).match("bb") == .same && Self.provenance(head: nil).match("h") == .unknown)
  }

  @Test("Changed numbers are detected, and so is a truncated file")
  func damaged() throws {
    let folder = try TemporaryFolder()
    try Self.decisions().write(to: folder.file("a.h5"), Self.provenance())
    let bytes = try folder.read("a.h5")
    let tokens = NPY.bytes(of: Self.decisions().classes.keys.sorted())
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
}
