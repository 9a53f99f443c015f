import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5
@testable import Moments
@testable import Storage

@Suite("Arrays of a state")
struct StateDatasetsTests {
  private func header(_ made: HandmadeState, dimension: Int? = nil, within: WithinScatter? = nil) -> StateHeader {
    StateHeader(
      dimension: dimension ?? made.dimension, classes: made.tokens.count, samples: made.counts.reduce(0, +),
      within: within ?? (made.scatter == nil ? .none : .pooled),
      provenance: Provenance(
        madeBy: "", vocabulary: 10, vocabularyWasGiven: true, skipped: 0, features: [], parts: 1, samplesDigest: ""))
  }

  @Test("Runs of classes are read with all their columns, and the means into room for them")
  func runs() throws {
    let folder = try TemporaryFolder()
    let made = HandmadeState(
      tokens: [1, 4, 5], counts: [1, 2, 3], m2: [0, 1, 2], means: [1, 2, 3, 4, 5, 6], carries: [0, 0, 7, 8, 9, 10])
    let file = try HDF5File(reading: made.write(to: folder.file("a.h5")))
    let datasets = try StateDatasets(file, header(made))
    let rows = try datasets.rows(1..<3)
    #expect(rows.tokens == [4, 5] && rows.counts == [2, 3] && rows.m2 == [1, 2])
    #expect(rows.means.elements == [3, 4, 5, 6] && rows.carry?.elements == [7, 8, 9, 10])
    #expect(try datasets.rows(2..<2).tokens.isEmpty)
    var (means, carries) = ([0.0, 0], [0.0, 0])
    try carries.withUnsafeMutableBufferPointer { carries in
      let start = try #require(carries.baseAddress)
      try datasets.readMeans(2..<3, into: &means) { start }
    }
    #expect(means == [5, 6] && carries == [9, 10])
    #expect(datasets.carriesMeans)
  }

  @Test("Carries and scatter are there where the file has them")
  func optional() throws {
    let folder = try TemporaryFolder()
    let bare = HandmadeState()
    let datasets = try StateDatasets(HDF5File(reading: bare.write(to: folder.file("a.h5"))), header(bare))
    #expect(!datasets.carriesMeans)
    #expect(try datasets.rows(0..<2).carry == nil)
    #expect(try datasets.scatterMatrix() == nil && datasets.scatterRows(0..<1) == nil)
    var (means, carries) = ([0.0, 0], [0.0])
    try carries.withUnsafeMutableBufferPointer { carries in
      let start = try #require(carries.baseAddress)
      try datasets.readMeans(1..<2, into: &means) {
        Issue.record("there are no carries")
        return start
      }
    }
    #expect(means == [3, 4])
    let full = HandmadeState(scatter: [5, 1, 2, 3])
    let others = try StateDatasets(HDF5File(reading: full.write(to: folder.file("b.h5"))), header(full))
    #expect(try others.scatterMatrix()?.elements == [5, 1, 2, 3])
    #expect(try others.scatterRows(1..<2)?.elements == [2, 3])
  }

  @Test("Other shapes are refused by the array's name, and so is a scatter that is missing or was never written")
  func shapes() throws {
    let folder = try TemporaryFolder()
    let made = HandmadeState()
    let path = try made.write(to: folder.file("a.h5"))
    func open(_ header: StateHeader) throws { _ = try StateDatasets(HDF5File(reading: path), header) }
    expectBadState(mentioning: [path, "/classes/mean", "shape [2, 3]", "[2, 2]"]) {
      try open(header(made, dimension: 3))
    }
    #expect(throws: StreamError.self) { try open(header(made, within: .pooled)) }
    func claim() throws {
      let file = try HDF5File(writing: folder.file("b.h5"), for: "b.h5")
      try file.makeGroup("/classes")
      _ = try file.makeDataset("/classes/token", .int32, shape: [2])
    }
    try claim()
    let error = #expect(throws: StreamError.self) {
      try StateDatasets(HDF5File(reading: folder.file("b.h5")), header(made))
    }
    #expect(error?.description.contains("b.h5, /classes/token: expected stored elements, found none") == true)
  }
}
