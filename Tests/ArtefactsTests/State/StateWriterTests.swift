import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Writing states")
struct StateWriterTests {
  private let made = HandmadeState(
    tokens: [1, 4, 5], counts: [1, 2, 3], m2: [0, 1, 2], means: [1, 2, 3, 4, 5, 6], lowParts: [0, 0, 7, 8, 9, 10],
    diagonals: [0, 0, 1, 0, 0.5, 1.5])

  private func rows(_ range: Range<Int>) -> MomentsTable {
    func matrix(_ elements: [Double]) -> Matrix {
      Matrix(rows: range.count, columns: 2, elements: Array(elements[2 * range.lowerBound..<2 * range.upperBound]))
    }
    return MomentsTable(
      tokens: Array(made.tokens[range]), counts: Array(made.counts[range]), means: matrix(made.means),
      lowPart: made.lowParts.map(matrix), m2: Array(made.m2[range]), diagonal: made.diagonals.map(matrix))
  }

  private let provenance = Provenance(
    madeBy: "accumulate", vocabulary: 10, vocabularyWasGiven: true, skipped: 4, features: ["float16", "float32"],
    parts: 1, samplesDigest: "aa")

  /// Writes the classes in runs that end at `ends`; all are prepared first, or each just before it is written.
  private func write(_ path: String, runs ends: [Int], preparedFirst: Bool, scatter: PooledScatter? = nil) throws {
    let output = try StateWriter(
      path, for: "out.h5",
      StateFormat(
        dimension: 2, classes: 3, keepsLowParts: true, within: scatter == nil ? .none : .pooled, moments: .diagonal))
    let runs = zip([0] + ends, ends).map { rows($0..<$1) }
    if preparedFirst { for run in runs { try output.prepare(run) } }
    for run in runs {
      if !preparedFirst { try output.prepare(run) }
      try output.write(run)
    }
    #expect(output.samples == 6)
    if let scatter { try output.write(scatter) }
    try output.finish(provenance)
  }

  @Test("Classes give the same bytes, in runs of any size")
  func runs() throws {
    let folder = try TemporaryFolder()
    let cuts: [([Int], Bool)] = [([3], false), ([1, 3], false), ([1, 2, 3], true), ([0, 2, 2, 3], true)]
    let files = try cuts.map { ends, first in
      try write(folder.file("a.h5"), runs: ends, preparedFirst: first)
      return try folder.read("a.h5")
    }
    #expect(Set(files).count == 1)
  }

  @Test("The file holds the given numbers, with the checksum that the format defines")
  func content() throws {
    let folder = try TemporaryFolder()
    let scatter = PooledScatter(dimension: 2)
    scatter.add(rows: Matrix(rows: 2, columns: 2, elements: [5, 1, 1, 3]), from: 0)
    try write(folder.file("a.h5"), runs: [3], preparedFirst: false, scatter: scatter)
    var expected = made
    expected.scatter = [5, 1, 1, 3]
    let file = try HDF5File(reading: folder.file("a.h5"))
    #expect(file.attribute("checksum") == .text(expected.sum))
    #expect(file.attribute("made_by") == .text("accumulate") && file.attribute("samples") == .int(6))
    #expect(
      try file.datasetPaths() == [
        "/classes/count", "/classes/m2", "/classes/m2_diagonal", "/classes/mean", "/classes/mean_carry",
        "/classes/token", "/within/scatter",
      ])
    #expect(file.attribute("format_version") == .int(2))
    #expect(try file.dataset("/classes/m2_diagonal").readAll(.float64, of: Double.self) == [0, 0, 1, 0, 0.5, 1.5])
    #expect(try file.dataset("/classes/count").readAll(.int64, of: Int.self) == [1, 2, 3])
    #expect(try file.dataset("/classes/mean").readAll(.float64, of: Double.self) == [1, 2, 3, 4, 5, 6])
    #expect(try file.dataset("/within/scatter").readAll(.float64, of: Double.self) == [5, 1, 1, 3])
  }

  @Test("Moments that overflowed are refused with the output's name, before they are written")
  func overflow() throws {
    let folder = try TemporaryFolder()
    let output = try StateWriter(
      folder.file("temporary"), for: "out.h5",
      StateFormat(dimension: 1, classes: 1, keepsLowParts: false, within: .none))
    let error = #expect(throws: RewordedError.self) {
      try output.prepare(
        MomentsTable(
          tokens: [8], counts: [2], means: Matrix(rows: 1, columns: 1, elements: [0]), m2: [.infinity]))
    }
    #expect(error?.description.contains("out.h5, class of token 8: expected") == true)
  }
}
