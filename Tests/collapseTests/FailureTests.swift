import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: whatever fails, the program says so in a line, exits with a status, and leaves no lock.
@Suite("Failed allocations and traps", .serialized)
struct FailureTests {
  /// The error of a process that fails in this way while it holds a lock, and its exit status.
  private func failing(
    _ signal: Int32, options: [String] = [], environment: [String: String] = [:], in folder: TemporaryFolder,
    before: (pid_t) -> Void = { _ in }
  ) throws -> (status: Int32, errors: String) {
    let pipe = try folder.makePipe("pipe-\(signal)")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5")] + options, input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err-\(signal)"), environment: environment)
    let lock = folder.file(".m.h5.lock")
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: lock) { usleep(10_000) }
    #expect(FileManager.default.fileExists(atPath: lock))
    before(process)
    kill(process, signal)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(!FileManager.default.fileExists(atPath: lock))
    return (
      status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F),
      String(decoding: try folder.read("err-\(signal)"), as: UTF8.self)
    )
  }

  @Test(
    "A trap or an abort ends with one line, status 1, and no lock",
    arguments: [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE])
  func signals(signal: Int32) throws {
    let (status, errors) = try failing(signal, in: TemporaryFolder())
    #expect(status == 1)
    let lines = errors.split(separator: "\n").filter { $0.hasPrefix("collapse: ") }
    #expect(lines.count == 1 && lines[0].contains("internal error (SIG"), "\(errors)")
    #expect(errors.contains("“collapse accumulate”") && !errors.contains("Thread"), "\(errors)")
  }

  @Test("With --log-format json the line is an object")
  func json() throws {
    let (status, errors) = try failing(SIGABRT, options: ["--log-format", "json"], in: TemporaryFolder())
    let last = try #require(errors.split(separator: "\n").last)
    let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: String]
    #expect(status == 1 && object?["level"] == "critical", "\(errors)")
    #expect(object?["message"]?.contains("internal error (SIGABRT)") == true, "\(errors)")
  }

  @Test("A lock that now belongs to another run stays")
  func foreignLock() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5")], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    let lock = folder.file(".m.h5.lock")
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: lock) { usleep(10_000) }
    try Data("another run's".utf8).write(to: URL(fileURLWithPath: lock))
    kill(process, SIGILL)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(FileManager.default.contents(atPath: lock) == Data("another run's".utf8))
  }

  /// Runs the program with the address space limited to so many KiB.
  private func limited(_ kib: Int, _ arguments: [String]) throws -> Tool.Result {
    let words = ([Places.tool] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try Tool.run("/bin/sh", ["-c", "ulimit -v \(kib); exec \(words)"])
  }

  private func expectClean(_ result: Tool.Result, _ folder: TemporaryFolder, _ words: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasSuffix(".lock") }, "\(words): \(names)")
    #expect([0, 1].contains(result.status), "\(words): \(result.status) \(result.errors)")
    #expect(result.status == 0 || result.errors.contains("\ncollapse: ") || result.errors.hasPrefix("collapse: "))
    #expect(!result.errors.contains("Thread 0") && !result.errors.contains("Backtrace"), "\(words): \(result.errors)")
  }

  @Test("Around the memory that a verb needs, it works, is refused, or fails with a line", .timeLimit(.minutes(10)))
  func limits() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    let (classes, dimension) = (300, 64)
    let labels = (0..<2 * classes).map { Int32($0 % classes) }
    let numbers = (0..<2 * classes * dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    let stream = try folder.write("a.npy", NPY.batch(labels, numbers, dimension: dimension))
    let state = folder.file("a.h5")
    let made = try Tool.collapse("accumulate", stream, "--within", "pooled", "--output", state)
    #expect(made.status == 0, "\(made.errors)")
    let weights = NPY.bytes(of: Array(numbers[..<(classes * dimension)]))
    let head = try folder.write("head.npy", NPY.array("<f4", [classes, dimension], weights))
    let measured = folder.file("m.json")
    let commands: [[String]] = [
      ["accumulate", stream, "--within", "pooled", "--output", folder.file("b.h5")],
      ["merge", state, state, "--output", folder.file("c.h5")],
      ["decide", stream, "--moments", state, "--classifier", head, "--output", folder.file("d.h5")],
      ["measure", state, "--classifier", head, "--classes", folder.file("classes.csv"), "--output", measured],
    ]
    for arguments in commands {
      var statuses: Set<Int32> = []
      for mebibytes in stride(from: 380, through: 1000, by: 124) {
        let result = try limited(mebibytes << 10, arguments + ["--threads", "1"])
        statuses.insert(result.status)
        try expectClean(result, folder, "\(arguments[0]) at \(mebibytes) MiB")
      }
      #expect(statuses == [0, 1], "\(arguments[0])")
    }
  }

  @Test("A process that aborts with its memory used up says that memory ran out")
  func outOfMemory() throws {
    let (status, errors) = try failing(SIGABRT, in: TemporaryFolder()) { process in
      // Less than the program has taken when it waits for its input.
      let limited = try? Tool.run("prlimit", ["--pid", "\(process)", "--as=\(64 << 20)"])
      #expect(limited?.status == 0)
    }
    #expect(status == 1 && errors.contains("out of memory while “collapse accumulate” ran"), "\(errors)")
  }

  @Test("Measuring is planned: the plan is logged, and --memory below it is refused before the means are read")
  func planned() throws {
    let folder = try TemporaryFolder()
    let stream = try folder.write(
      "a.npy", NPY.batch([1, 1, 2, 2], [Float](repeating: 1, count: 3) + (0..<9).map(Float.init), dimension: 3))
    let state = folder.file("a.h5")
    _ = try Tool.collapse("accumulate", stream, "--output", state)
    let tight = try Tool.collapse("measure", state, "--memory", "64MiB")
    #expect(tight.status == 1)
    #expect(tight.errors.contains("collapse: expected at least ") && tight.errors.contains("found 64.0 MiB"))
    #expect(tight.errors.contains("give --memory more"), "\(tight.errors)")
    let fits = try Tool.collapse("measure", state, "--memory", "1GiB", "--threads", "1")
    #expect(fits.status == 0)
    #expect(fits.errors.contains("measure: needs at most "), "\(fits.errors)")
    let free = try Tool.collapse("measure", state)
    #expect(free.status == 0 && !free.errors.contains("needs at most"), "\(free.errors)")
    #expect(fits.output == free.output)
  }
}
