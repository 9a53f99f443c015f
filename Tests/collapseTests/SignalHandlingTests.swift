import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Interruption")
struct SignalHandlingTests {
  /// Sends a signal, waits, and returns the exit status.
  private func end(of process: pid_t, after signal: Int32) -> Int32 {
    kill(process, signal)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    return (status >> 8) & 0xFF
  }

  @Test(
    "A signal while a pipe is silent ends the run with exit 75 and leaves nothing",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func signal(number: Int32) throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    let begun = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    #expect(begun.withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == begun.count)
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5")], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    usleep(700_000)
    #expect(end(of: process, after: number) == 75)
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    #expect(
      errors.contains("interrupted") && errors.contains("to start over") && !errors.contains("to continue"), "\(errors)"
    )
    #expect(try folder.names == ["err", "out", "pipe"])
  }

  @Test("A run that ignores SIGHUP outlives its terminal")
  func outliving() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    // Like nohup, without its redirections.
    let process = try Tool.spawn(
      "/bin/sh",
      ["-c", "trap '' HUP; exec \"$0\" \"$@\"", Places.tool, "accumulate", pipe, "--output", folder.file("m.h5")],
      input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    usleep(700_000)
    kill(process, SIGHUP)
    usleep(300_000)
    #expect(waitpid(process, nil, WNOHANG) == 0)
    #expect(end(of: process, after: SIGTERM) == 75)
  }

  @Test("After an interruption, a pipeline resumes from what its stages had made")
  func pipeline() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: \(folder.path)/out }
        stages:
          whole: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          first: { uses: accumulate, from: whole }
          silent: { uses: read, files: "\(pipe)" }
          second: { uses: accumulate, from: silent }
        """)
    for (arguments, words) in [([], "Run it again to continue"), (["--restart"], "Run it again without --restart")] {
      let errorsFile = "err\(arguments.count)"
      let process = try Tool.spawn(
        Places.tool, ["run", file, "--log-interval", "1"] + arguments, input: "/dev/null",
        output: folder.file("out.txt"), errors: folder.file(errorsFile))
      func said() throws -> String { String(decoding: try folder.read(errorsFile), as: UTF8.self) }
      for _ in 0..<600 where try !said().contains("warning") { usleep(50_000) }
      #expect(end(of: process, after: SIGTERM) == 75)
      let errors = try said()
      #expect(errors.contains(words), "\(errors)")
    }
  }

  @Test("A verb that only prints, and waits for its reader, is ended by a signal with exit 75")
  func printing() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    let stages = (0..<2000).map { "  s\($0): { uses: merge, states: s\($0 + 1) }\n" }.joined()
    let license = Places.root.appendingPathComponent("LICENSE").path
    let file = try folder.write(
      "p.yaml", Array("parameters: { out: o }\nstages:\n\(stages)  s2000: { uses: merge, states: \(license) }\n".utf8))
    let process = try Tool.spawn(
      Places.tool, ["graph", file], input: "/dev/null", output: pipe, errors: folder.file("err"))
    var byte = UInt8(0)
    #expect(read(held, &byte, 1) == 1, "the drawing has begun")
    #expect(end(of: process, after: SIGTERM) == 75)
    #expect(String(decoding: try folder.read("err"), as: UTF8.self).contains("interrupted"))
  }

  @Test("A signal during a long measure ends it soon, with exit 75 and no output")
  func measuring() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    let labels = (0..<40_000).map { Int32($0 % 20_000) }
    let features = (0..<40_000 * 16).map { _ in Float(generator.normal()) }
    let stream = try folder.write("a.npy", NPY.batch(labels, features, dimension: 16))
    #expect(try Tool.collapse("accumulate", stream, "--output", folder.file("m.h5")).status == 0)
    let process = try Tool.spawn(
      Places.tool, ["measure", folder.file("m.h5"), "--threads", "1", "--output", folder.file("m.json")],
      input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    usleep(700_000)
    #expect(end(of: process, after: SIGTERM) == 75)
    #expect(try !folder.names.contains("m.json"))
  }

  @Test("A signal during a long merge ends it soon, with exit 75, and leaves nothing of it")
  func merging() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    let labels = (0..<4_000).map { Int32($0 % 2_000) }
    let features = (0..<4_000 * 64).map { _ in Float(generator.normal()) }
    let stream = try folder.write("a.npy", NPY.batch(labels, features, dimension: 64))
    let made = try Tool.collapse("accumulate", stream, "--within", "pooled", "--output", folder.file("a.h5"))
    #expect(made.status == 0, "\(made.errors)")
    let states = Array(repeating: folder.file("a.h5"), count: 3_000)
    let process = try Tool.spawn(
      Places.tool, ["merge"] + states + ["--threads", "1", "--output", folder.file("m.h5")], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    // Until something is set aside.
    for _ in 0..<1_000 where try !folder.names.contains(where: { $0.hasPrefix("collapse-") }) { usleep(20_000) }
    #expect(end(of: process, after: SIGTERM) == 75)
    #expect(try folder.names == ["a.h5", "a.npy", "err", "out"])
  }

  @Test("A signal during a long decide ends it soon, with exit 75 and no output")
  func deciding() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    let tile = NPY.bytes(of: (0..<10_007).map { _ in Float16.random(in: -4...4, using: &generator) })
    func features(_ rows: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      while bytes.count < rows * 128 { bytes += tile }
      bytes.removeLast(bytes.count - rows * 128)
      return NPY.array("<f2", [rows, 64], bytes)
    }
    let labels = (0..<30_000).map { Int32($0 % 100) }
    let stream = try folder.write("a.npy", NPY.labels(labels) + features(labels.count))
    let head = try folder.write("w.npy", features(400_000))
    #expect(try Tool.collapse("accumulate", stream, "--output", folder.file("m.h5")).status == 0)
    let process = try Tool.spawn(
      Places.tool,
      [
        "decide", stream, "--moments", folder.file("m.h5"), "--classifier", head, "--threads", "1", "--output",
        folder.file("d.h5"),
      ],
      input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    usleep(3_000_000)
    #expect(end(of: process, after: SIGTERM) == 75)
    #expect(try folder.names == ["a.npy", "err", "m.h5", "out", "w.npy"])
  }

  @Test("A repeated signal during a bench ends it with exit 75 and leaves nothing in its scratch folder")
  func bench() throws {
    let (folder, scratch) = (try TemporaryFolder(), try TemporaryFolder())
    let process = try Tool.spawn(
      Places.tool, ["bench", "--rows", "1e7", "--dimension", "32", "--scratch", scratch.path], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    for _ in 0..<200 {
      if let said = try? folder.read("err"), String(decoding: said, as: UTF8.self).contains("writing") { break }
      usleep(50_000)
    }
    #expect(try scratch.names.count == 1)
    // Twice, as timeout sends it.
    kill(process, SIGINT)
    #expect(end(of: process, after: SIGINT) == 75)
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    #expect(errors.contains("to start over") && !errors.contains("to continue"), "\(errors)")
    #expect(try scratch.names.isEmpty)
  }
}
