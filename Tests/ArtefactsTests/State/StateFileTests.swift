import Foundation
import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5
@testable import Moments
@testable import Samples
@testable import Storage
@testable import Support

@Suite("State files")
struct StateFileTests {
  private let provenance = Provenance(
    madeBy: "accumulate", vocabulary: 64, vocabularyWasGiven: true, skipped: 3, features: ["float32"], parts: 1,
    samplesDigest: "00ff")

  private func samples(_ seed: Int = 1) -> ClassSamples {
    ClassSamples(classes: 25, dimension: 6, rows: 400, seed: seed)
  }

  @Test("A state reads back bit for bit, with its provenance", arguments: ScalarType.allCases, WithinScatter.allCases)
  func roundTrip(scalar: ScalarType, within: WithinScatter) throws {
    let folder = try TemporaryFolder()
    for kept in SecondMoments.allCases {
      let moments = try samples().moments(scalar, within: within, moments: kept)
      try moments.write(to: folder.file("a.h5"), provenance)
      let state = try StateReader(folder.file("a.h5"))
      #expect(try state.table(withDiagonal: true) == moments.table && state.moments == kept)
      #expect(try HeldState(moments, provenance).checksum == state.checksum)
      #expect(try HeldState(reading: folder.file("a.h5")).table == moments.table)
    }
    let state = try StateReader(folder.file("a.h5"))
    #expect(try state.table() == samples().moments(scalar, within: within).table)
    #expect(state.provenance == provenance)
    #expect(state.samples == 400)
    #expect(state.within == within)
    #expect(try folder.names == ["a.h5"])
  }

  @Test("A state is of version 1 if the first release can check it, and of version 2 if not")
  func version() throws {
    let folder = try TemporaryFolder()
    func version(_ made: Provenance, _ kept: SecondMoments = .trace) throws -> HDF5Attribute? {
      try samples().moments(.float32, moments: kept).write(to: folder.file("a.h5"), made)
      return try HDF5File(reading: folder.file("a.h5")).attribute("format_version")
    }
    #expect(try version(provenance) == .int(1))
    #expect(try version(provenance, .diagonal) == .int(2))
    var (labelled, part, whole) = (provenance, provenance, provenance)
    labelled.labelsDigest = "0a"
    part.part = PartOfStream(number: 2, count: 3, rule: "sequences", stream: "0b")
    whole.stream = "0b"
    for made in [labelled, part, whole] {
      #expect(try version(made) == .int(2))
      #expect(try StateReader(folder.file("a.h5")).provenance == made)
      _ = try StateReader(folder.file("a.h5")).table()
    }
  }

  @Test("The same moments give the same bytes")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    for name in ["a.h5", "b.h5"] { try samples().moments(.float64).write(to: folder.file(name), provenance) }
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
  }

  @Test("A state truncated anywhere is refused as such", arguments: [1, 8, 100, 1_000, 5_000])
  func truncated(kept: Int) throws {
    let folder = try TemporaryFolder()
    try samples().moments(.float32).write(to: folder.file("a.h5"), provenance)
    try folder.write("cut.h5", Array(folder.read("a.h5").prefix(kept)))
    #expect(throws: StreamError.self) { try StateReader(folder.file("cut.h5")).table() }
  }

  @Test("The checksum detects a flipped bit in the numbers")
  func flipped() throws {
    let folder = try TemporaryFolder()
    let moments = try samples().moments(.float32)
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

  @Test(
    "The checksum detects an attribute changed to a possible value",
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
    let path = folder.file("b.h5")
    expectBadState(mentioning: [path, "attribute checksum"]) { _ = try StateReader(path).table() }
  }

  @Test("A state without classes is not written")
  func noClasses() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: MomentsError.self) {
      try ClassMoments(dimension: 3).write(to: folder.file("a.h5"), provenance)
    }
    #expect(error?.description.contains("\(folder.file("a.h5")): expected samples") == true)
    #expect(try folder.names == [])
  }

  @Test("Random damage never crashes: the state is refused or reads back unchanged")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let moments = try samples().moments(.float16)
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

  @Test("Means in a scratch file change no byte, and an unusable scratch folder is named")
  func setAside() throws {
    let (folder, scratch) = (try TemporaryFolder(), try TemporaryFolder())
    let samples = ClassSamples(classes: 3_000, dimension: 12, rows: 9_000, seed: 15)
    let rows = ClassMoments.leastResident(dimension: 12, within: .none)
    for kept in SecondMoments.allCases {
      for (name, limit) in [("a.h5", nil), ("b.h5", ResidentLimit(rows: rows, folder: scratch.path))] {
        try samples.moments(.float32, within: .none, moments: kept, workers: WorkerThreads(2), limit: limit).write(
          to: folder.file(name), provenance)
      }
      #expect(try folder.read("a.h5") == folder.read("b.h5"))
    }
    #expect(try scratch.names.isEmpty)
    let error = #expect(throws: StreamError.self) {
      try samples.moments(.float32, within: .none, limit: ResidentLimit(rows: rows, folder: "/no/such/folder"))
    }
    #expect(error?.kind == .cannotWrite && error?.diagnosis.file == "/no/such/folder")
  }
}
