import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5
@testable import Moments
@testable import Storage

@Suite("Reading states")
struct StateReaderTests {
  @Test("A state written by hand reads back number by number, with all its attributes")
  func byHand() throws {
    let folder = try TemporaryFolder()
    let made = HandmadeState(lowParts: [0, 1e-20, 0, -1e-20], scatter: [5, 1, 1, 3])
    let state = try StateReader(made.write(to: folder.file("a.h5")))
    #expect(state.tool == "a hand" && state.checksum == made.sum && state.keepsLowParts)
    #expect(state.dimension == 2 && state.classes == 2 && state.samples == 5 && state.within == .pooled)
    #expect(
      state.provenance
        == Provenance(
          madeBy: "accumulate", vocabulary: 10, vocabularyWasGiven: true, skipped: 4, features: ["float16", "float32"],
          parts: 1, samplesDigest: "aa"))
    // Each class has a token, a count, an M2, and two numbers per feature; then the scatter.
    #expect(state.byteCount == 2 * (4 + 8 + 8 + 2 * 16) + 32)
    let table = try state.table()
    #expect(table.tokens == [3, 7] && table.counts == [2, 3] && table.m2 == [2, 6])
    #expect(table.means.elements == [1, 2, 3, 4] && table.lowPart?.elements == [0, 1e-20, 0, -1e-20])
    #expect(table.withinScatter?.elements == [5, 1, 1, 3])
  }

  @Test("Second moments of features are read on request, and passed run by run in any case")
  func diagonals() throws {
    let folder = try TemporaryFolder()
    let made = HandmadeState(lowParts: [0, 0, 0, 0], diagonals: [1, 1, 2, 4], scatter: [5, 1, 1, 3])
    let state = try StateReader(made.write(to: folder.file("a.h5")))
    #expect(state.checksum == made.sum && state.moments == .diagonal)
    #expect(state.byteCount == 2 * (4 + 8 + 8 + 3 * 16) + 32)
    var seen: [Double] = []
    let bare = try state.table { seen += $0.diagonal?.elements ?? [] }
    #expect(bare.diagonal == nil && seen == [1, 1, 2, 4])
    let whole = try state.table(withDiagonal: true)
    #expect(whole.diagonal?.elements == [1, 1, 2, 4] && whole.means == bare.means)
    var changed = made
    changed.diagonals?[3] = 5
    changed.checksum = made.sum
    expectBad(try changed.write(to: folder.file("b.h5")), mentioning: "attribute checksum")
    var removed = made
    (removed.diagonals, removed.checksum) = (nil, made.sum)
    expectBad(try removed.write(to: folder.file("c.h5")), mentioning: "attribute checksum")
    try HandmadeState(diagonals: [1, 1]).write(to: folder.file("d.h5"))
    expectBad(folder.file("d.h5"), mentioning: "/classes/m2_diagonal", "shape [2, 2]", "[1, 2]")
  }

  @Test("Classes come in runs of a few MiB, in order, and the scatter last")
  func runs() throws {
    let folder = try TemporaryFolder()
    // Two means of 2 MiB make one run.
    let dimension = 1 << 18
    var made = HandmadeState(dimension: dimension, tokens: [1, 2, 5], counts: [1, 1, 1], m2: [0, 0, 0])
    made.means = (0..<3).flatMap { [Double](repeating: Double($0), count: dimension) }
    var runs: [(tokens: [Int32], last: Double?)] = []
    try StateReader(made.write(to: folder.file("a.h5"))).read {
      runs.append(($0.tokens, $0.means.elements.last))
    } scatter: { _, _ in
      Issue.record("there is no scatter")
    }
    #expect(runs.map(\.tokens) == [[1, 2], [5]] && runs.map(\.last) == [1, 2])
    var order: [String] = []
    try StateReader(HandmadeState(scatter: [1, 0, 0, 1]).write(to: folder.file("b.h5"))).read { _ in
      order.append("classes")
    } scatter: { _, _ in
      order.append("scatter")
    }
    #expect(order == ["classes", "scatter"])
  }

  private let provenance = Provenance(
    madeBy: "accumulate", vocabulary: 64, vocabularyWasGiven: true, skipped: 3, features: ["float32"], parts: 1,
    samplesDigest: "00ff")

  private func samples() -> ClassSamples { ClassSamples(classes: 25, dimension: 6, rows: 400, seed: 1) }

  private func expectBad(
    _ path: String, mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectBadState(mentioning: [path] + words, sourceLocation: sourceLocation) { _ = try StateReader(path).table() }
  }

  @Test(
    "Attributes out of range are refused by name, before they cause harm",
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

  @Test("Shapes that contradict the attributes, another scatter and a missing checksum are refused")
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

  @Test("An array that was never written is refused before memory is allocated for it")
  func notStored() throws {
    let folder = try TemporaryFolder()
    try HandmadeState().write(to: folder.file("a.h5"))
    func claim() throws {
      let state = try HDF5File(reading: folder.file("a.h5"))
      let file = try HDF5File(writing: folder.file("b.h5"), for: "b.h5")
      try file.makeGroup("/classes")
      _ = try file.makeDataset("/classes/token", .int32, shape: [2])
      for name in state.attributeNames() { try state.attribute(name).map { try file.setAttribute(name, $0) } }
    }
    try claim()
    let error = #expect(throws: StreamError.self) { try StateReader(folder.file("b.h5")) }
    #expect(error?.description.contains("b.h5, /classes/token: expected stored elements, found none") == true)
  }

  @Test("Other files are refused, saying what they are")
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

  @Test("A low part or a scatter that is not finite is refused, even with the right checksum")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    for number in [Double.nan, .infinity] {
      let lowParts = HandmadeState(lowParts: [0, 0, number, 0])
      expectBadState(mentioning: ["a.h5", "class 1", "low part", "token 7"]) {
        _ = try StateReader(lowParts.write(to: folder.file("a.h5"))).table()
      }
      let scatter = HandmadeState(scatter: [1, 0, number, 1])
      expectBadState(mentioning: ["a.h5", "/within/scatter, row 1", "finite numbers"]) {
        _ = try StateReader(scatter.write(to: folder.file("a.h5"))).table()
      }
    }
  }
}
