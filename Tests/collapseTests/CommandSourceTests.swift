import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A program's standard output as a stream: `--command`, and `command` in pipeline files.
@Suite("A program as a source")
struct CommandSourceTests {
  private let sample = Places.sample + "/train-00.npy.zst"

  private func accumulate(_ command: String, _ folder: TemporaryFolder, _ more: String...) throws -> Tool.Result {
    try Tool.run(Places.tool, ["accumulate", "--command", command, "--output", folder.file("m.h5")] + more)
  }

  /// A pipeline file with a program and the moments of its stream.
  private func pipeline(_ command: String, _ folder: TemporaryFolder) throws -> String {
    try folder.write(
      "p.yaml",
      text: """
        name: p
        parameters: { out: \(folder.path)/out }
        stages:
          train: { uses: read, command: "\(command)" }
          moments: { uses: accumulate, from: train }
        """)
  }

  @Test("The stream of a program gives the same state as a file, and the shell handles quoting")
  func same() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.collapse("accumulate", sample, "--output", folder.file("expected.h5"))
    let result = try accumulate("zstd -dc '\(sample)' | cat", folder)
    #expect(result.status == 0 && result.errors.contains("running “zstd -dc"), "\(result.errors)")
    #expect(try folder.read("m.h5") == folder.read("expected.h5"))
  }

  @Test(
    "A program that fails is named with its status, whether its stream was complete or not, and no state is left",
    arguments: [
      ("cat FILE; exit 3", "exit status 3 after the last batch, after 10000 rows"),
      ("head -c 700000 FILE; exit 3", "exit status 3 in the middle of a batch"),
      ("head -c 700000 FILE; kill -9 $$", "signal 9 (Killed) in the middle of a batch"),
      ("no-such-program-anywhere", "exit status 127 before any batch, after 0 rows"),
    ])
  func fails(command: String, found: String) throws {
    let folder = try TemporaryFolder()
    let result = try accumulate(command.replacingOccurrences(of: "FILE", with: sample), folder)
    #expect(result.status == 1 && result.errors.contains(found), "\(result.errors)")
    #expect(result.errors.contains("the command “\(command.prefix(4))"), "\(result.errors)")
    #expect(!result.errors.contains("checkpoint"), "\(result.errors)")
    #expect(try !folder.names.contains("m.h5"))
  }

  @Test("A short batch from a program that reports success is bad data, named after the program")
  func short() throws {
    let folder = try TemporaryFolder()
    let result = try accumulate("zstd -dc \(sample) | head -c 700000", folder)
    #expect(result.status == 65 && result.errors.contains("the command “zstd -dc"), "\(result.errors)")
    #expect(result.errors.contains("byte 700000: expected 3048 rows of features"), "\(result.errors)")
    let nothing = try accumulate("true", folder)
    #expect(nothing.status == 65 && nothing.errors.contains("the command “true”"), "\(nothing.errors)")
  }

  @Test("A checkpoint outlives the program, and the next run resumes from it to the same state")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    let (rows, dimension) = (5120, 4096)
    let tile = (0..<251_000).flatMap { number -> [UInt8] in [UInt8(number % 251), 0x3C] }
    var features: [UInt8] = []
    while features.count < 2 * rows * dimension { features += tile }
    features.removeLast(features.count - 2 * rows * dimension)
    var stream: [UInt8] = []
    for batch in 0..<5 {
      stream += NPY.labels((0..<rows).map { Int32($0 % (batch + 2)) })
      stream += NPY.array("<f2", [rows, dimension], features)
    }
    let file = try folder.write("s.npy", stream)
    _ = try Tool.collapse("accumulate", file, "--output", folder.file("expected.h5"))
    let flag = folder.file("once")
    // Two blocks of 64 MiB, a third one when a checkpoint is due, and the program dies in the fourth, the first time.
    let command = """
      if [ -e '\(flag)' ]; then exec cat '\(file)'; fi
      touch '\(flag)'; head -c 150000000 '\(file)'; sleep 2
      tail -c +150000001 '\(file)' | head -c 55000000; kill -9 $$
      """
    let died = try accumulate(command, folder, "--checkpoint", "1s")
    #expect(died.status == 1 && died.errors.contains("signal 9"), "\(died.errors)")
    #expect(died.errors.contains(".m.h5.checkpoint: the same command, with the same inputs, resumes from it"))
    #expect(try folder.names.contains(".m.h5.checkpoint"))
    let again = try accumulate(command, folder, "--checkpoint", "1s")
    #expect(
      again.status == 0 && again.errors.contains("reading them again to check that they are the same"),
      "\(again.errors)")
    #expect(try folder.read("m.h5") == folder.read("expected.h5"))
  }

  @Test("A stalled program is reported, and ended with the run")
  func stalls() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write("in", [])
    let process = try Tool.spawn(
      Places.tool,
      [
        "accumulate", "--command", "head -c 1000 \(sample); exec sleep 543", "--output", folder.file("m.h5"),
        "--log-interval", "1",
      ], input: input, output: folder.file("out"), errors: folder.file("err"))
    func said() throws -> String { String(decoding: try folder.read("err"), as: UTF8.self) }
    for _ in 0..<200 where try !said().contains("warning") { usleep(50_000) }
    let errors = try said()
    #expect(errors.contains("s from the command “head -c 1000"), "\(errors)")
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect((status >> 8) & 0xFF == 75)
    let left = try Tool.run("pgrep", ["-f", "sleep 543"])
    #expect(left.output.isEmpty)
  }

  @Test("A pipeline file runs programs only with permission; the refusal says which program, and where")
  func leave() throws {
    let folder = try TemporaryFolder()
    let file = try pipeline("touch '\(folder.path)/ran'; cat \(sample)", folder)
    let refused = try Tool.collapse("run", file)
    #expect(refused.status == 65 && refused.errors.contains("p.yaml:4:"), "\(refused.errors)")
    #expect(refused.errors.contains("--allow-commands") && refused.errors.contains("touch"), "\(refused.errors)")
    let valid = try Tool.collapse("validate", file)
    #expect(valid.status == 0 && valid.errors.contains("--allow-commands"), "\(valid.errors)")
    #expect(try Tool.collapse("run", file, "--dry-run").text.contains("would run “touch"))
    #expect(try !folder.names.contains("ran"))
    let done = try Tool.collapse("run", file, "--allow-commands")
    #expect(done.status == 0, "\(done.errors)")
    #expect(try folder.names.contains("ran"))
  }

  @Test("A program that continues after a truncated stream is ended, and the stream is what is wrong")
  func resumes() throws {
    let folder = try TemporaryFolder()
    let result = try accumulate(
      "echo $$ > '\(folder.file("id"))'; head -c 700000 \(sample); exec sleep 600 >&-", folder)
    #expect(result.status == 65 && result.errors.contains("the command “echo"), "\(result.errors)")
    #expect(result.errors.contains("expected") && !result.errors.contains("signal"), "\(result.errors)")
    #expect(try !isThere(folder))
  }

  @Test("Processes that a dead program started end with the run")
  func group() throws {
    let folder = try TemporaryFolder()
    let command = "sleep 600 >&- & echo $! > '\(folder.file("id"))'; head -c 700000 \(sample); exit 3"
    let result = try accumulate(command, folder)
    #expect(result.status == 1 && result.errors.contains("exit status 3"), "\(result.errors)")
    for _ in 0..<100 where try isThere(folder) { usleep(20_000) }
    #expect(try !isThere(folder))
  }

  @Test("A program that keeps running after a complete stream is waited for, and a signal then interrupts the run")
  func interruptedAtTheEnd() throws {
    let folder = try TemporaryFolder()
    let command = "echo $$ > '\(folder.file("id"))'; cat \(sample); exec sleep 600 >&-"
    let process = try Tool.spawn(
      Places.tool,
      ["accumulate", "--command", command, "--output", folder.file("m.h5"), "--log-interval", "1"],
      input: folder.write("in", []), output: folder.file("out"), errors: folder.file("err"))
    func said() throws -> String { String(decoding: try folder.read("err"), as: UTF8.self) }
    for _ in 0..<200 where try !said().contains("000 rows") { usleep(50_000) }
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    let errors = try said()
    #expect((status >> 8) & 0xFF == 75, "\(errors)")
    #expect(errors.contains("interrupted") && !errors.contains("by signal"), "\(errors)")
    #expect(try !isThere(folder) && !folder.names.contains("m.h5"))
  }

  /// Whether the program that wrote its process id into the file `id` still runs.
  private func isThere(_ folder: TemporaryFolder) throws -> Bool {
    let text = String(decoding: try folder.read("id"), as: UTF8.self).filter(\.isNumber)
    return kill(try #require(pid_t(text)), 0) == 0
  }

  @Test("A command that is the name of a script runs again in the next run, whatever the script then writes")
  func script() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("export.sh", text: "#!/bin/sh\nexec cat '\(folder.path)/now.npy.zst'\n")
    #expect(chmod(script, 0o755) == 0)
    let file = try pipeline("\(script)", folder)
    for part in ["00", "01"] {
      let stream = "\(Places.sample)/train-\(part).npy.zst"
      try folder.write("now.npy.zst", Array(Data(contentsOf: URL(fileURLWithPath: stream))))
      let done = try Tool.collapse("run", file, "--allow-commands")
      #expect(done.status == 0, "\(done.errors)")
      _ = try Tool.collapse("accumulate", stream, "--output", folder.file("expected.h5"))
      #expect(try folder.read("out/moments.h5") == folder.read("expected.h5"))
    }
  }

  @Test("Files together with a command, or neither, are refused")
  func either() throws {
    for arguments in [["--command", "cat x", sample], [], ["--command", " "]] {
      let result = try Tool.run(Places.tool, ["accumulate"] + arguments + ["--output", "/dev/null/m.h5"])
      #expect(result.status == 64, "\(result.errors)")
    }
  }
}
