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
    // Under a token type it is named as well, unless the user insists.
    let raw = try folder.write("b.bin", file.bytes + file.bytes)
    let packedRaw = try folder.write("b.bin.zst", Zstd.frame(file.bytes + file.bytes))
    for name in [raw, packedRaw] {
      expectError(.unknownFormat, file: name, mentioning: file.what, "--raw") {
        _ = try TokenFile(name, width: .uint16, options: ReadOptions())
      }
    }
    let tokens = try TokenFile(raw, width: .uint16, isRaw: true, options: ReadOptions())
    #expect(tokens.count == file.bytes.count && tokens.container == "little-endian uint16")
    var counts = TokenCounts()
    try counts.add(file: raw, width: .uint16, isRaw: true)
    #expect(counts.samples == file.bytes.count)
  }

  @Test("A few bytes of a signature refuse nothing: tokens may be any numbers")
  func short() throws {
    let folder = try TemporaryFolder()
    for start: [UInt8] in [
      [0x80, 0x04, 0x95, 0x01], [0x80, 0x02, 0x63, 0x00], [0x1F, 0x8B, 0x08, 0xFF], [0x1F, 0x8B],
      [0x42, 0x5A, 0x68, 0x39],
      [0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0x00, 0x07, 0x00],
    ] {
      let file = try folder.write("a.bin", start + (0..<20).map { 2 * $0 })
      #expect(try TokenFile(file, width: .uint16, options: ReadOptions()).count == start.count / 2 + 10)
    }
  }

  @Test("Frames, HDF5, safetensors and NPY are read as what they are under a token type, or refused by name")
  func containers() throws {
    let folder = try TemporaryFolder()
    let npy = NPY.labels([7, 8])
    let tensors = Safetensors.file([("tokens", "I32", [2], NPY.bytes(of: [7, 8] as [Int32]))])
    let h5 = folder.file("a.h5")
    try HDF5File(writing: h5, for: h5).makeDataset("/tokens", .int32, shape: [2]).writeAll([7, 8] as [Int32], .int32)
    for bytes in [npy, tensors, try folder.read("a.h5"), Zstd.frame(npy)] {
      var counts = TokenCounts()
      try counts.add(file: folder.write("a.bin", bytes), width: .uint16)
      #expect(counts.csv == "token,count\n7,1\n8,1\n")
    }
    for bytes in [tensors, try folder.read("a.h5")] {
      let packed = try folder.write("b.bin", Zstd.frame(bytes))
      expectError(.notAFile, file: packed, mentioning: "frames") {
        _ = try TokenFile(packed, width: .uint16, options: ReadOptions())
      }
      var counts = TokenCounts()
      try counts.add(file: packed, width: .uint16, isRaw: true)
      #expect(counts.samples == Zstd.frame(bytes).count / 2)
    }
    let cut = try folder.write("c.bin", Array(tensors.dropLast(2)))
    expectError(.unknownFormat, file: cut, mentioning: "safetensors") {
      _ = try TokenFile(cut, width: .uint16, options: ReadOptions())
    }
  }

  @Test("HDF5 behind a user block is found in streams and as a matrix; an archive of an HDF5 file stays an archive")
  func userBlock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.mat")
    let samples = StreamSamples(rows: 100, dimension: 3, scalar: .float32)
    RawHDF5.create(path, userBlock: 512)
    RawHDF5.write(path, samples, chunkRows: nil)
    #expect(try readAll(path).blocks == samples.blocks)
    #expect(try MatrixFile(TensorReference(path + "#embeddings")).rows == 100)
    var header = [UInt8](repeating: 0, count: 512)
    header.replaceSubrange(257..<265, with: Array("ustar\u{0}00".utf8))
    let tar = try folder.write("b.tar", header + folder.read("a.mat").dropFirst(512))
    expectError(.unknownFormat, file: tar, mentioning: "a tar archive") { _ = try readAll(tar) }
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
