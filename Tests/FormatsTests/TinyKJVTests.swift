import CZstd
import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage

/// Files written by NumPy, python-zstandard, h5py and safetensors.
@Suite(
  "The tiny-kjv example, written in Python",
  .enabled(if: Places.hasShared, "the shared data (../shared/data/tiny-kjv) is not there"))
struct TinyKJVTests {
  private let inputs = (0..<3).map { "\(Places.shared)/train-0\($0).npy.zst" }

  @Test("Its streams are the samples of its HDF5 file, row by row")
  func sameAsHDF5() throws {
    let file = try HDF5File(reading: Places.shared + "/train.h5")
    let labels = try file.dataset("labels").readAll(.int32, of: Int32.self)
    let embeddings = try file.dataset("embeddings")
    #expect(embeddings.shape == [100_000, 64] && embeddings.typeName == "float16")

    let reader = EmbeddingReader(inputs: inputs, options: ReadOptions())
    var rows = 0
    while let block = try reader.next() {
      let (count, size) = (block.rows * 64, block.rows * 64 * 8)
      let stored = UnsafeMutablePointer<Double>.allocate(capacity: count)
      defer { stored.deallocate() }
      try embeddings.read(rows..<rows + block.rows, as: .float64, into: stored)
      withExtendedLifetime(block) {
        #expect(Array(block.labels) == Array(labels[rows..<rows + block.rows]))
      }
      #expect(memcmp(block.featureValues, stored, size) == 0)
      rows += block.rows
    }
    #expect(rows == labels.count && rows == 100_000)
  }

  @Test("Decompressed, through a pipe, and in other frames, its streams have the same digest")
  func digest() throws {
    let folder = try TemporaryFolder()
    let digest = try readAll(inputs).summary.digest
    let pieces = try inputs.map { try decompressed($0) }
    let plain = try pieces.enumerated().map { try folder.write("\($0).npy", $1) }
    let (_, summary) = try readAll(plain)
    #expect(summary.digest == digest && summary.sources.map(\.rows) == [33_333, 33_333, 33_334])
    #expect(try readAll(folder.pipe("pipe", of: pieces.flatMap { $0 })).summary.digest == digest)
    #expect(try readAll(folder.write("one.zst", Zstd.frame(pieces.flatMap { $0 }))).summary.digest == digest)
  }

  @Test("Its census agrees with NumPy")
  func overview() throws {
    let overview = try StreamOverview(inputs[0])
    #expect(overview.rows == 33_333 && overview.batches == 9 && overview.classes == 1_336 && overview.dimension == 64)
    #expect(
      overview.decodedBytes == 4_402_260 && overview.container == "NPY in Zstandard"
        && overview.batchesWithPredictions == 0)
    let validation = try StreamOverview(Places.shared + "/validation.npy.zst")
    #expect(validation.rows == 12_000 && validation.batchesWithPredictions == validation.batches)
  }

  @Test("Its output head is read by rows")
  func head() throws {
    let path = Places.shared + "/model.safetensors"
    let file = try MatrixFile(TensorReference(path))
    #expect(file.rows == 2_048 && file.columns == 64 && file.typeName == "float32")
    // The tensor's floats are the last bytes of the file.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).suffix(2_048 * 64 * 4)
    let floats = bytes.withUnsafeBytes { source in
      (0..<2_048 * 64).map { source.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    let rows = try file.rows(of: [0, 17, 2_047])
    for (index, token) in [0, 17, 2_047].enumerated() {
      #expect(Array(rows[row: index]) == floats[token * 64..<(token + 1) * 64].map { Double($0) })
    }
  }

  /// The content of a compressed file, by libzstd's one-call interface, frame by frame.
  private func decompressed(_ path: String) throws -> [UInt8] {
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var content = [UInt8](repeating: 0, count: 8 << 20)
    let count = ZSTD_decompress(&content, content.count, packed, packed.count)
    try #require(ZSTD_isError(count) == 0)
    return Array(content[..<count])
  }
}
