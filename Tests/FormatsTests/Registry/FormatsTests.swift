import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage

@Suite("Formats")
struct FormatsTests {
  @Test(
    "A file without readable arrays is named by its format, as stream, tokens, bounds, classifier and artefact",
    arguments: ForeignFiles.all.indices)
  func everywhere(index: Int) throws {
    let file = ForeignFiles.all[index]
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npy", file.bytes)
    let features = try folder.write("x.npy", NPY.floats([[1], [2]]))
    let opening: [() throws -> Void] = [
      { _ = try StreamInputs.open(path, options: ReadOptions()) },
      { _ = try TokenFile(path, width: nil, options: ReadOptions()) },
      { _ = try SequenceBounds(path, .offsets, positions: nil, options: ReadOptions()) },
      { _ = try MatrixFile(TensorReference(path)) },
      { _ = try StreamInputs.open(path, options: ReadOptions(alignment: TokenAlignment(tokens: [features]))) },
      {
        var counts = TokenCounts()
        try counts.add(file: path, width: nil)
      },
      { _ = try HDF5File(reading: path) },
      { _ = try WholeFile.bytes(path, limit: 1 << 20, kind: "a list") },
    ]
    for open in opening {
      expectError(.unknownFormat, file: path, position: "byte 0", mentioning: file.what, file.advice) { try open() }
    }
    // Compression does not hide it.
    let packed = try folder.write("a.zst", Zstd.frame(file.bytes))
    expectError(.unknownFormat, file: packed, position: "decoded byte 0", mentioning: file.what) {
      _ = try StreamInputs.open(packed, options: ReadOptions())
    }
    // Integers may begin like any format.
    #expect(
      try TokenFile(folder.write("b.bin", file.bytes + file.bytes), width: .uint16, options: ReadOptions()).count
        == file.bytes.count)
  }

  @Test("How a file can be accessed, and whether it holds more than its bytes")
  func access() throws {
    let folder = try TemporaryFolder()
    let (npy, frames) = (try folder.write("a", NPY.floats([[1]])), try folder.write("b", Zstd.frame([1])))
    let skippable = try folder.write("c", Zstd.skippable([1]))
    let text = try folder.write("d", Array("text".utf8))
    #expect(try [npy, text, Fixtures.file("deflate.h5")].allSatisfy { try Formats.access(to: $0) == .any })
    #expect(try [frames, skippable].allSatisfy { try Formats.access(to: $0) == .inOrder })
    let pipe = try folder.pipe("p", of: [1])
    #expect(try Formats.access(to: "-") == .once && Formats.access(to: pipe) == .once)
    #expect(Formats.isPlain(npy) && Formats.isPlain(text) && Formats.isPlain(Fixtures.file("samples.safetensors")))
    for file in [frames, Fixtures.file("deflate.h5"), "-", folder.file("missing")] { #expect(!Formats.isPlain(file)) }
    expectError(.missing) { _ = try Formats.access(to: folder.file("missing")) }
    expectError(.notAFile) { _ = try Formats.access(to: folder.path) }
    _ = try FileBytes(name: pipe).peek(1)
  }

  @Test("Formats that need random access are refused in frames and in pipes, by name")
  func order() throws {
    let folder = try TemporaryFolder()
    for (name, file) in [("HDF5", "deflate.h5"), ("safetensors", "samples.safetensors")] {
      let bytes = Array(try #require(FileManager.default.contents(atPath: Fixtures.file(file))))
      let packed = try folder.write("a.zst", Zstd.frame(bytes))
      expectError(.notAFile, file: packed, mentioning: name, "frames", "zstd -d \(packed)") {
        _ = try StreamInputs.open(packed, options: ReadOptions())
      }
      let pipe = try folder.pipe(name, of: bytes)
      expectError(.notAFile, file: pipe, mentioning: name, "a pipe") {
        _ = try StreamInputs.open(pipe, options: ReadOptions())
      }
    }
  }

  @Test("Labels of files with named arrays are counted like a stream's")
  func counted() throws {
    var (expected, counts) = (TokenCounts(), TokenCounts())
    try expected.add(file: Fixtures.file("samples.npy"), width: nil)
    for file in ["deflate.h5", "samples.safetensors"] {
      counts = TokenCounts()
      try counts.add(file: Fixtures.file(file), width: nil)
      #expect(counts.csv == expected.csv && counts.samples == 150)
    }
  }
}
