import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Results have the same bytes however often the run was interrupted.
@Suite("Resuming")
struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two streams of a dozen blocks of 32 768 rows, made once for all tests. Batches differ in where they start in the same
  /// samples.
  private static let streams: [[UInt8]] = (0..<2).map { part in
    var generator = SeededGenerator(part)
    let rows = 65_536
    let labels = (0..<rows).map { _ in Int32.random(in: 0..<400, using: &generator) }
    let features = labels.map { Float($0 % 17) + Float.random(in: -1...1, using: &generator) }
    let pairs = zip(features, features).flatMap { [$0, -$1 / 3] }
    return (0..<6).reduce(into: [UInt8]()) { stream, batch in
      let first = batch * 977
      stream += NPY.batch(
        Array(labels[first...]) + labels[..<first], Array(pairs[(2 * first)...]) + pairs[..<(2 * first)], dimension: 2)
    }
  }

  private func makeStream() throws -> [String] {
    try Self.streams.enumerated().map { part, stream in try folder.write("part-\(part).npy", stream) }
  }

  private func start(_ arguments: [String]) throws -> Int32 {
    try Tool.spawn(Places.tool, arguments, input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
  }

  /// Starts the tool, sends it a signal after a time, and returns how it ended.
  private func interrupt(_ arguments: [String], with signal: Int32, after microseconds: UInt32) throws -> Int32 {
    let process = try start(arguments)
    usleep(microseconds)
    kill(process, signal)
    return Self.wait(for: process)
  }

  /// Starts the tool and kills it once a file exists.
  private func run(_ arguments: [String], killedOnceThereIs file: String) throws {
    let process = try start(arguments)
    while !FileManager.default.fileExists(atPath: folder.file(file)), !Self.hasEnded(process) { usleep(500) }
    kill(process, SIGKILL)
    _ = Self.wait(for: process)
  }

  private static func hasEnded(_ process: Int32) -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == SIGCHLD
  }

  private static func wait(for process: Int32) -> Int32 {
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  @Test("decide resumes, too")
  func decisions() throws {
    let inputs = try makeStream()
    let moments = folder.file("m.h5")
    #expect(try Tool.run(Places.tool, ["accumulate", inputs[0], "--output", moments]).status == 0)
    let head = try folder.write(
      "w.npy", NPY.features("<f4", (0..<800).map { Float($0 * 7 % 31) }, dimension: 2))
    let decide = { (output: String) in
      [
        "decide", inputs[1], "--moments", moments, "--classifier", head, "--checkpoint", "0.1s", "--output",
        self.folder.file(output),
      ]
    }
    #expect(try Tool.run(Places.tool, decide("whole.h5")).status == 0)
    var status: Int32 = 0
    for wait in [UInt32(300_000), 500_000, 700_000] {
      status = try interrupt(decide("part.h5"), with: SIGTERM, after: wait)
    }
    #expect([0, 75, -SIGTERM].contains(status))
    #expect(try Tool.run(Places.tool, decide("part.h5")).status == 0)
    #expect(try folder.read("part.h5") == folder.read("whole.h5"))
  }

  @Test("SIGTERM ends a run with 75 and a checkpoint; other options are refused by name; --restart starts over")
  func refused() throws {
    let inputs = try makeStream()
    let output = folder.file("m.h5")
    let arguments = ["accumulate"] + inputs + ["--output", output]
    var status: Int32 = 0
    for wait in stride(from: UInt32(150_000), through: 900_000, by: 75_000) {
      status = try interrupt(arguments, with: SIGTERM, after: wait)
      // A signal may come before there is a handler, or before there is anything to keep.
      if status == 75 && FileManager.default.fileExists(atPath: folder.file(".m.h5.checkpoint")) { break }
      try? FileManager.default.removeItem(atPath: output)
    }
    try #require(status == 75)
    try #require(FileManager.default.fileExists(atPath: folder.file(".m.h5.checkpoint")))
    let words = String(decoding: try folder.read("err"), as: UTF8.self)
    #expect(words.contains("Run it again to continue from what was kept."), "\(words)")
    let other = try Tool.run(Places.tool, arguments + ["--within", "pooled"])
    #expect(other.status == 65)
    #expect(other.errors.contains("within was none, is pooled"))
    #expect(other.errors.contains("--restart"))
    let fewer = try Tool.run(Places.tool, ["accumulate", inputs[0], "--output", output])
    #expect(fewer.status == 65)
    #expect(fewer.errors.contains("2 input(s) before, 1 now"))
    let over = try Tool.run(Places.tool, ["accumulate", inputs[0], "--output", output, "--restart"])
    #expect(over.status == 0)
    #expect(try !folder.names.contains(".m.h5.checkpoint"))
  }

  @Test("A damaged checkpoint is reported, and the previous one is used; a touched input is read again")
  func damaged() throws {
    let inputs = try makeStream()
    let arguments = { (output: String) in
      ["accumulate"] + inputs + ["--measure-every", "1", "--checkpoint", "0.1s", "--output", self.folder.file(output)]
    }
    #expect(try Tool.run(Places.tool, arguments("whole.h5")).status == 0)
    // A kill may come when the old checkpoint is already renamed, and the new one not yet.
    let both = [".m.h5.checkpoint", ".m.h5.checkpoint.previous"].map(folder.file)
    func areThere() -> Bool { both.allSatisfy { FileManager.default.fileExists(atPath: $0) } }
    for _ in 0..<10 where !areThere() { try run(arguments("m.h5"), killedOnceThereIs: ".m.h5.checkpoint.previous") }
    try #require(areThere())
    var bytes = try folder.read(".m.h5.checkpoint")
    bytes[bytes.count / 2] ^= 1
    try folder.write(".m.h5.checkpoint", bytes)
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: inputs[0])
    let last = try Tool.run(Places.tool, arguments("m.h5"))
    #expect(last.status == 0, "\(last.errors)")
    #expect(last.errors.contains("unusable checkpoint"))
    #expect(last.errors.contains("going back to the one before"))
    #expect(last.errors.contains("reading them again"))
    #expect(try folder.read("m.h5") == folder.read("whole.h5"))
  }
}
