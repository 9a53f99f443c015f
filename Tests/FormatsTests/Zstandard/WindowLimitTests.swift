import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Large windows of Zstandard")
struct WindowLimitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func limit(_ frames: [UInt8]) throws -> WindowLimit {
    let file = try FileBytes(name: folder.write("a.zst", frames))
    return WindowLimit(of: file, start: try file.peek(512))
  }

  @Test("A window counts if its frame has more content than is decoded at once; common windows are planned for")
  func files() throws {
    let (large, small) = (Zstd.zeros(41 << 20, windowLog: 29), Zstd.zeros(1 << 20, windowLog: 29))
    #expect(try limit(large).bytes == 1 << 29 && limit(large).extra == (1 << 29) - (1 << 27))
    #expect(try limit(Zstd.skippable(Array(repeating: 1, count: 2_000)) + large).bytes == 1 << 29)
    #expect(try limit(Zstd.frame([1, 2]) + Zstd.frame([3]) + large).bytes == 1 << 29)
    #expect(try limit(Zstd.frames([1, 2, 3], of: 1) + large).bytes == 1 << 27)
    for frames in [small, Zstd.zeros(41 << 20, windowLog: 27), Zstd.frame([1]), [], [0x28, 0xB5, 0x2F, 0xFD]] {
      #expect(try limit(frames).bytes == 1 << 27 && limit(frames).extra == 0)
    }
    let name = folder.file("a.zst")
    try folder.write("a.zst", large)
    #expect(WindowLimit.extra(of: ["-", folder.file("none"), name]) == (1 << 29) - (1 << 27))
  }

  @Test("A pipe shows its window as far as its first bytes do")
  func pipes() throws {
    let start = Array(Zstd.zeros(41 << 20, windowLog: 28).prefix(512))
    let pipe = try FileBytes(name: folder.pipe("p", of: start, chunk: 512))
    #expect(WindowLimit(of: pipe, start: try pipe.peek(512)).bytes == 1 << 28)
  }

  @Test(
    "A stream in frames with a long window is read from files and pipes, with any number of threads", arguments: [1, 2])
  func streams(threads: Int) throws {
    let stream = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    let packed = Zstd.streamed(stream, windowLog: 28)
    let file = try folder.write("a.npy.zst", packed)
    for name in [file, try folder.pipe("p", of: packed, chunk: 100)] {
      let reader = EmbeddingReader(inputs: [name], options: ReadOptions(threads: threads))
      #expect(try reader.next().map { Array($0.labels) } == [1, 2])
      #expect(try reader.next() == nil)
    }
  }

  @Test("The shape of a stream counts the largest window of its files, before any is read")
  func shape() throws {
    let batch = NPY.batch([1], [1, 2], dimension: 2)
    let features = NPY.array(
      header: "{'descr': '<f4', 'fortran_order': False, 'shape': (\(41 << 18), 1), }")
    let long = NPY.integers([Int32](repeating: 1, count: 41 << 18)) + features
    let files = [
      try folder.write("a.npy", batch), try folder.write("b.npy.zst", Zstd.zeros(41 << 20, windowLog: 28, after: long)),
    ]
    let reader = EmbeddingReader(inputs: files, options: ReadOptions())
    let shape = try #require(try reader.shape())
    #expect(shape.windowBytes == 1 << 27)
    #expect(shape.bytesAtOnce == StreamShape(dimension: 2, scalar: .float32).bytesAtOnce + 1 << 27)
  }
}
