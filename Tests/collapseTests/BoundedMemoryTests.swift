import Foundation
import TestSupport
import Testing

/// Promise: memory holds the state and a fixed number of blocks, whatever the corpus size.
@Suite("Bounded memory", .serialized)
struct BoundedMemoryTests {
  private let slack = 16 << 10  // KiB

  @Test("A stream twenty times as long peaks within 16 MiB of the short one")
  func repeated() throws {
    let folder = try TemporaryFolder()
    let file = Places.sample + "/train-00.npy.zst"
    func peak(_ times: Int) throws -> Int {
      let result = try Tool.run(
        Places.tool, ["accumulate"] + Array(repeating: file, count: times) + ["--output", folder.file("m.h5")])
      #expect(result.status == 0, "\(result.errors)")
      return result.peakKiB
    }
    let (once, often) = (try peak(1), try peak(20))
    #expect(often - once <= slack)
  }

  @Test("A batch of two million rows in one array is not loaded as a whole")
  func oneBatch() throws {
    let folder = try TemporaryFolder()
    func peak(_ rows: Int) throws -> Int {
      try sparseBatch(folder.file("b.npy"), rows: rows, dimension: 64)
      let result = try Tool.collapse("accumulate", folder.file("b.npy"), "--output", folder.file("m.h5"))
      #expect(result.status == 0, "\(result.errors)")
      return result.peakKiB
    }
    // 256 MB of features and 16 MB of labels; at most 16 MiB of them wait in memory.
    let (small, large) = (try peak(100_000), try peak(2_000_000))
    #expect(large - small <= 2 * slack)
  }

  /// One batch of zero labels and zero float16 features, mostly a hole in the file.
  private func sparseBatch(_ path: String, rows: Int, dimension: Int) throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let file = try #require(FileHandle(forWritingAtPath: path))
    let labels = NPY.header(descr: "'<i4'", shape: [rows])
    let features = NPY.header(descr: "'<f2'", shape: [rows, dimension])
    file.write(Data(labels))
    try file.seek(toOffset: UInt64(labels.count + rows * 4))
    file.write(Data(features))
    try file.truncate(atOffset: UInt64(labels.count + rows * 4 + features.count + rows * dimension * 2))
    try file.close()
  }
}
