import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("How many rows an input has")
struct RowCountTests {
  private static let samples = StreamSamples(rows: 3_000, dimension: 3, scalar: .float32)

  @Test("It agrees with reading everything, without reading features", arguments: [[], [3_000], [1, 0, 2_000]])
  func files(sizes: [Int]) throws {
    let folder = try TemporaryFolder()
    RawHDF5.write(folder.file("a.h5"), Self.samples, chunkRows: nil)
    RawHDF5.write(folder.file("b.h5"), Self.samples, chunkRows: 77)
    RawHDF5.write(folder.file("c.h5"), Self.samples, group: "x", chunkRows: 77)
    RawHDF5.write(folder.file("c.h5"), Self.samples, group: "y", chunkRows: nil)
    let files = [
      try folder.write("a.npy", Self.samples.stream(batches: sizes)), folder.file("a.h5"), folder.file("b.h5"),
      folder.file("c.h5"), Fixtures.file("samples.npy"), Fixtures.file("samples.safetensors"),
      Fixtures.file("model.safetensors.index.json"),
    ]
    for file in files {
      let expected = try readAll(file).summary.rows
      #expect(try RowCount.of(file, number: 0, options: ReadOptions()) == expected, "\(file)")
      // Requesting only some rows makes the count no smaller.
      #expect(try RowCount.of(file, number: 0, options: ReadOptions(rows: 5..<7)) == expected, "\(file)")
    }
  }

  @Test("Rows that are not finite count")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", NPY.batch([1, 2, 3], [1, .nan, 2], dimension: 1))
    #expect(try RowCount.of(file, number: 0, options: ReadOptions(nonfinite: .skip)) == 3)
    #expect(try RowCount.of(file, number: 0, options: ReadOptions()) == 3)
  }

  @Test(
    "The count is unknown in advance for frames, pipes, and pairs with a pipe of tokens, and never waits",
    .timeLimit(.minutes(5)))
  func unknown() throws {
    let folder = try TemporaryFolder()
    let frames = try folder.write("a.npy.zst", Zstd.frame(Self.samples.stream()))
    #expect(try RowCount.of(frames, number: 0, options: ReadOptions()) == nil)
    let pipe = try folder.makePipe("p")
    #expect(try RowCount.of(pipe, number: 0, options: ReadOptions()) == nil)
    #expect(try RowCount.of("-", number: 0, options: ReadOptions()) == nil)
    let features = try folder.write("f.npy", NPY.features("<f4", [1, 2, 3] as [Float], dimension: 1))
    let lengths = try folder.write("l.npy", NPY.labels([3]))
    for (tokens, bounds) in [
      (pipe, TokenAlignment.Bounds.unspecified), ("-", .unspecified), (lengths, .lengths([pipe])),
    ] {
      let options = ReadOptions(alignment: TokenAlignment(tokens: [tokens], bounds: bounds))
      #expect(try RowCount.of(features, number: 0, options: options) == nil)
    }
  }

  @Test("A truncated or foreign file is refused with the error of reading it")
  func refused() throws {
    let folder = try TemporaryFolder()
    let cut = try folder.write("a", Array(Self.samples.stream().dropLast(1)))
    #expect(throws: StreamError.self) { _ = try RowCount.of(cut, number: 0, options: ReadOptions()) }
    #expect(throws: StreamError.self) { _ = try RowCount.of(folder.file("none"), number: 0, options: ReadOptions()) }
    let empty = try folder.write("b", NPY.batch([], [], dimension: 1))
    #expect(try RowCount.of(empty, number: 0, options: ReadOptions()) == 0)
  }
}
