import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Draining frames")
struct FrameDrainTests {
  private func content(_ count: Int) -> [UInt8] {
    var random = SeededGenerator(count)
    return (0..<count).map { _ in UInt8.random(in: 0..<200, using: &random) }
  }

  @Test("It counts the content of every frame, on one thread or several, repeatedly")
  func drain() throws {
    let folder = try TemporaryFolder()
    let counts = [50_000, 1, 0, 300_000, 7]
    let file = try folder.write("a.zst", counts.flatMap { Zstd.frame(content($0), checksum: true) })
    let drain = FrameDrain()
    for _ in 0..<2 {
      #expect(try drain.oneByOne(of: file) == 350_008)
      for threads in 1...3 { #expect(try drain.all(of: file, threads: threads) == 350_008) }
    }
  }

  @Test("It names the frame that is damaged or truncated")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (Zstd.frame(content(100), checksum: true), Zstd.frame(content(5_000), checksum: true))
    var wrong = second
    wrong[wrong.count - 1] ^= 1
    for (bytes, kind) in [(first + wrong, StreamError.Kind.corrupt), (first + second.dropLast(9), .truncated)] {
      let file = try folder.write("a.zst", bytes)
      for read in [{ try FrameDrain().oneByOne(of: file) }, { try FrameDrain().all(of: file, threads: 2) }] {
        let error = #expect(throws: StreamError.self) { _ = try read() }
        #expect(error?.kind == kind)
        #expect(error?.diagnosis.position?.contains("\(first.count)") ?? false)
      }
    }
  }

  @Test("Frames that do not state their size, or are empty, count with their actual content")
  func unspecified() throws {
    let folder = try TemporaryFolder()
    let content = [UInt8](repeating: 7, count: 200_000)
    let file = try folder.write(
      "a.zst", Zstd.streamed(content) + Zstd.skippable([1, 2, 3]) + Zstd.frame([]) + Zstd.streamed(content))
    let drain = FrameDrain()
    #expect(try drain.oneByOne(of: file) == 400_000)
    for threads in 1...2 { #expect(try drain.all(of: file, threads: threads) == 400_000) }
    let empty = try folder.write("b.zst", Zstd.frame([]))
    #expect(try drain.oneByOne(of: empty) == 0 && drain.all(of: empty, threads: 1) == 0)
  }

  @Test("Bytes that are not a frame give the error of reading the file as a stream")
  func garbage() throws {
    let folder = try TemporaryFolder()
    let first = Zstd.frame(content(100))
    for tail in [Array("trailing garbage".utf8), Zstd.emptyFrame(windowLog: 31, eighths: 1), Array(first.dropLast())] {
      let file = try folder.write("a.zst", first + tail)
      let apart = #expect(throws: StreamError.self) { try FrameDrain().oneByOne(of: file) }
      let stream = #expect(throws: StreamError.self) { try FrameDrain().all(of: file, threads: 2) }
      #expect(apart == stream && apart?.diagnosis.position?.contains("byte \(first.count)") == true)
    }
  }

  @Test("A frame too large for parallel decoding is refused by the frame decoder, and read by the stream decoder")
  func large() throws {
    let folder = try TemporaryFolder()
    let size = FrameLimits().content + 1
    let file = try folder.write("a.zst", Zstd.frame([1]) + Zstd.frame([UInt8](repeating: 0, count: size)))
    expectError(.corrupt, file: file, position: "the frame at byte \(Zstd.frame([1]).count)") {
      _ = try FrameDrain().oneByOne(of: file)
    }
    #expect(try FrameDrain().all(of: file, threads: 2) == size + 1)
  }

  @Test("Cancelling the task stops it")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.zst", Zstd.frame(content(1_000)) + Zstd.frame(content(1_000)))
    for threads in [nil, 1, 2] {
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try threads.map { try FrameDrain().all(of: file, threads: $0) } ?? FrameDrain().oneByOne(of: file)
      }
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }
}
