import Foundation
import TestSupport
import Testing

@testable import HDF5

/// The seeds of the fuzz targets (`Tests/Fuzz`) are valid, so that fuzzing starts from accepted input.
@Suite("Seeds of the fuzz targets")
struct FuzzSeedsTests {
  private static let corpus = Places.root.path + "/Tests/Fuzz/Corpus/"

  private static func seeds(_ target: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: corpus + target).sorted().map { "\(corpus)\(target)/\($0)" }
  }

  @Test("Streams are read to their last row", arguments: ["npy", "zstd", "safetensors"])
  func streams(target: String) throws {
    let seeds = try Self.seeds(target)
    #expect(seeds.count >= 2)
    for seed in seeds {
      let rows = try readAll(seed).summary.rows
      #expect([6, 8, 12].contains(rows), "\(seed)")
    }
  }

  @Test("Chunks decode to 960 bytes with the filters that their first byte names")
  func chunks() throws {
    let filters: [Int: [HDF5Pipeline.Filter]] = [
      0: [.lzf], 1: [.deflate], 2: [.zstd], 4: [.shuffle(width: 3), .deflate], 8: [],
    ]
    var contents: Set<[UInt8]> = []
    for seed in try Self.seeds("hdf5") {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: seed)))
      let pipeline = HDF5Pipeline(filters: try #require(filters[Int(bytes[0])]))
      var target = [UInt8](repeating: 0, count: 960)
      var scratch = [UInt8](repeating: 0, count: 2 * pipeline.scratchBytes(960))
      try target.withUnsafeMutableBytes { target in
        try scratch.withUnsafeMutableBytes { scratch in
          try bytes.dropFirst().withUnsafeBytes { raw in
            try pipeline.decode(raw, mask: 0, into: target, scratch: scratch)
          }
        }
      }
      contents.insert(target)
    }
    #expect(contents.count == 1, "the same chunk, whatever it went through")
  }
}
