import Foundation
import TestSupport
import Testing

@testable import KindsForTests
@testable import Slurm

#if canImport(Glibc)
  import Glibc
#endif

/// Runs scripts in the shell, like Slurm, with programs that stand for Slurm's and for this one and record their
/// arguments.
@Suite("The script of a job")
struct SlurmScriptTests {
  /// A folder whose name has characters special to the shell and Slurm, inside one that is removed.
  private let folder: TemporaryFolder
  private let output: String

  init() throws {
    folder = try TemporaryFolder()
    output = folder.file("o'u \"t# $(x) \\ 50%j '\u{301} \u{D4E}\" \u{D4E}'")
    try SlurmFolder(in: output).prepare()
    try program("squeue", "cat '\(folder.path)/state'")
    try program("scontrol", "echo \"$@\" >> '\(folder.path)/requeued'")
  }

  /// Another process writes it: if this process did, a program started by another test at that moment would inherit
  /// the open file, and it could not be run.
  private func program(_ name: String, _ body: String) throws {
    let source = try folder.write("source", text: "#!/bin/bash\n\(body)\n")
    let result = try Tool.run("install", ["-D", "-m", "755", source, folder.file("bin/\(name)")])
    #expect(result.status == 0, "\(result.errors)")
  }

  private func script(
    _ tasks: [[String]] = [["m/a", "m/b"], ["m/c"]], isArray: Bool = true, name: String = "j",
    settings: SlurmSettings = SlurmSettings(), options: [String] = []
  ) -> SlurmScript {
    SlurmScript(
      job: SlurmJob(number: 1, name: name, tasks: tasks, isArray: isArray, needs: [], id: nil), settings: settings,
      folder: SlurmFolder(in: output), comment: "collapse-x-1", program: folder.file("bin/the tool's"),
      workingFolder: folder.path, options: options)
  }

  /// Settings from the text of a pipeline file.
  private func settings(_ text: String) throws -> SlurmSettings {
    try StandardKinds.graph(
      StandardKinds.parse(
        "slurm: { \(text) }\nstages: { a: { uses: merge, states: LICENSE, output: x.h5 } }", file: "p.yaml")
    ).sections.slurm
  }

  private func environment(task: Int?) -> [String: String] {
    let path = folder.file("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    let common = ["PATH": path, "SLURM_JOB_ID": "99", "SLURMD_NODENAME": "n1"]
    return common.merging(task.map { ["SLURM_ARRAY_JOB_ID": "17", "SLURM_ARRAY_TASK_ID": "\($0)"] } ?? [:]) { $1 }
  }

  /// Writes the script and its tasks, and a program in place of ours, which ends with `status`.
  private func write(_ script: SlurmScript, status: Int = 0, state: String = "RUNNING", body: String? = nil) throws
    -> String
  {
    try program(
      "the tool's", body ?? "printf '%s\\n' \"$@\" > '\(folder.path)/arguments'\necho said\nexit \(status)")
    try folder.write("state", text: state + "\n")
    try script.tasks.write(toFile: SlurmFolder(in: output).tasks(script.job), atomically: true, encoding: .utf8)
    return try folder.write("script.sh", text: script.text)
  }

  private func run(
    _ script: SlurmScript, task: Int? = 0, status: Int = 0, state: String = "RUNNING", more: [String: String] = [:]
  ) throws -> Tool.Result {
    try Tool.run(
      "bash", [write(script, status: status, state: state)],
      environment: environment(task: task).merging(more) { $1 })
  }

  private func text(_ name: String) -> String? { (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) } }
  private func left(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(output)/slurm/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("A task runs its stages, with every word unchanged, and records its node and its end")
  func done() throws {
    let options = ["--io-rate=1 MiB", "it's", "$HOME `x` \"y\"", ""]
    let result = try run(script(options: options), task: 0)
    #expect(result.status == 0 && result.text == "said\n" && result.errors.isEmpty, "\(result.errors)")
    let slurm = output + "/slurm"
    let words =
      ["run", "\(slurm)/plan.json", "--only=m/a", "--only=m/b", "--status-file", "\(slurm)/status/01.0.json"]
      + options
    #expect(text("arguments") == words.map { $0 + "\n" }.joined())
    #expect(left("starts/01.0") == "n1\n" && left("exit/01.0") == "0\n" && left("failures/01.0") == nil)
    #expect(try run(script(), task: 1).status == 0)
    #expect(text("arguments")?.contains("--only=m/c\n--status-file\n") == true && left("exit/01.1") == "0\n")
    #expect(try run(script([["x"]], isArray: false), task: nil).status == 0)
    #expect(text("arguments")?.contains("--only=x\n") == true && text("requeued") == nil)
  }

  @Test("A task interrupted while its job runs goes back to the queue, once, and has not ended")
  func interrupted() throws {
    try Data("  \"checkpoints\" : 3,\n".utf8).write(to: status("01.0"))
    #expect(try run(script(), status: 75).status == 75)
    #expect(text("requeued") == "requeue 17_0\n" && left("exit/01.0") == nil && left("failures/01.0") == nil)
    #expect(try run(script([["x"]], isArray: false), task: nil, status: 75).status == 75)
    #expect(text("requeued") == "requeue 17_0\nrequeue 99\n")
  }

  @Test("A task interrupted without a checkpoint is tried again as often as a failed one")
  func keptNothing() throws {
    let script = try script(settings: settings("retries: 1"))
    try Data("  \"checkpoints\" : 0,\n".utf8).write(to: status("01.0"))
    #expect(try run(script, status: 75).status == 75)
    #expect(text("requeued") == "requeue 17_0\n" && left("exit/01.0") == nil)
    #expect(try run(script, status: 75).status == 75)
    #expect(text("requeued") == "requeue 17_0\n" && left("exit/01.0") == "75\n")
  }

  private func status(_ task: String) -> URL { URL(fileURLWithPath: SlurmFolder(in: output).status(task)) }

  @Test("A scratch folder is expanded from its variables by the node's shell, once, and from nothing else")
  func scratch() throws {
    let settings = try settings("scratch: '$TMPDIR/`touch made`\"x y\\/''/''\u{301}; touch made; ~*/$SLURM_JOB_ID'")
    let script = script([["x"]], isArray: false, settings: settings)
    let value = "/node 1/$(touch made)`touch made`"
    #expect(try run(script, task: nil, more: ["TMPDIR": value]).status == 0)
    let expected = "--scratch=\(value)/`touch made`\"x y\\/'/'\u{301}; touch made; ~*/99\n"
    #expect(text("arguments")?.contains(expected) == true, "\(text("arguments") ?? "")")
    #expect(!FileManager.default.fileExists(atPath: "made"))
  }

  @Test("A scratch variable without a value fails the task, and the log names it")
  func noScratch() throws {
    let script = try script([["x"]], isArray: false, settings: settings("retries: 0, scratch: $SLURM_TMPDIR/x"))
    let result = try run(script, task: nil)
    #expect(result.status != 0 && result.errors.contains("SLURM_TMPDIR"), "\(result.errors)")
    #expect(text("arguments") == nil && left("exit/01.0") == "\(result.status)\n")
  }

  @Test(
    "Every text of a pipeline is one word for the shell, also with marks that join a quote to another character",
    arguments: [
      "o'\u{301}; touch made; '\u{301}", "o\u{D4E}'; touch made; \u{D4E}'", "o\u{600}'$(touch made)'", "`touch made`",
      "$(touch made)",
      "a\tb; touch made", "x\"; touch made; \"", "-x", "\u{D4E}\"\u{301} --output=made",
    ])
  func words(text: String) throws {
    let result = try Tool.run("bash", ["-c", "printf %s \(ScriptText.word(text))"], folder: folder.path)
    #expect(result.status == 0 && result.text.unicodeScalars.elementsEqual(text.unicodeScalars), "\(result.text)")
    #expect(try !folder.names.contains("made"))
    let option = "--x=\(ScriptText.option(text))"
    #expect(words(of: option).map { Array($0.unicodeScalars) } == [Array("--x=\(text)".unicodeScalars)], "\(option)")
  }

  @Test(
    "A task interrupted because its job is being ended has ended, and records so if that is known",
    arguments: ["COMPLETING", "CANCELLED", ""])
  func ended(state: String) throws {
    #expect(try run(script(), status: 75, state: state).status == 75)
    #expect(text("requeued") == nil && left("exit/01.0") == (state.isEmpty ? "75\n" : "75 cancelled\n"))
  }

  @Test("Bad input and wrong usage are not tried again", arguments: [64, 65])
  func bad(status: Int) throws {
    #expect(try run(script(), status: status).status == Int32(status))
    #expect(text("requeued") == nil && left("exit/01.0") == "\(status)\n" && left("failures/01.0") == nil)
  }

  @Test("Any other failure is tried again up to the limit, then the task has ended", arguments: [0, 1, 3])
  func retried(retries: Int) throws {
    let script = try script(settings: settings("retries: \(retries)"))
    for attempt in 0...retries {
      #expect(left("exit/01.0") == nil)
      #expect(try run(script, status: 1).status == 1)
      #expect((text("requeued") ?? "").split(separator: "\n").count == min(attempt + 1, retries))
    }
    #expect(left("exit/01.0") == "1\n" && left("starts/01.0")?.split(separator: "\n").count == retries + 1)
    // Someone requeues it by hand: the record of its end is removed when it starts.
    #expect(try run(script).status == 0 && left("exit/01.0") == "0\n")
  }

  @Test("SIGTERM reaches the program, whose own end counts", arguments: [75, 0])
  func terminated(status: Int) throws {
    let path = try write(
      script(),
      body: """
        trap 'echo told >> "\(folder.path)/told"; sleep 0.3; exit \(status)' TERM
        touch '\(folder.path)/ready'
        for i in {1..600}; do sleep 0.1; done
        """)
    let process = try Tool.spawn(
      "bash", [path], input: "/dev/null", output: folder.file("said"), errors: folder.file("errors"),
      environment: environment(task: 0))
    for _ in 0..<600 where text("ready") == nil { usleep(50_000) }
    kill(process, SIGTERM)
    var end: Int32 = 0
    waitpid(process, &end, 0)
    #expect((end >> 8) & 0xFF == Int32(status) && text("told") == "told\n")
    #expect(left("exit/01.0") == (status == 75 ? nil : "0\n"))
    #expect(text("requeued") == (status == 75 ? "requeue 17_0\n" : nil))
  }

  @Test("Shell lines come before the program, and do not change how its end is recorded")
  func setup() throws {
    let script = try script(
      settings: settings("retries: 0, setup: [\"export SAID='a b'\", \"set -eu\", \"echo $SAID\"]"))
    let result = try run(script, status: 3)
    #expect(result.status == 3 && result.text == "a b\nsaid\n", "\(result.errors)")
    #expect(left("exit/01.0") == "3\n")
  }

  @Test(
    "A failing shell line ends the task before the program starts, and is named",
    arguments: [
      ("module() { false; return 3; }|module load zstd|true", "setup: line failed with status 3: module load zstd\n"),
      ("cd /nowhere/at/all", "setup: line failed with status 1: cd /nowhere/at/all\n"),
      (
        "set -eu|for x in 1 2; do|  no-such-program \"$x\"|done",
        "setup: line failed with status 127:   no-such-program"
      ),
      (". ./no-such-file", "setup: line failed with status 1: . ./no-such-file\n"),
    ])
  func setupFails(lines: String, words: String) throws {
    let list = lines.split(separator: "|").map { "'\($0)'" }.joined(separator: ", ")
    let script = try script(settings: settings("retries: 1, setup: [\(list)]"))
    #expect(try run(script).status == 78)
    #expect(text("requeued") == "requeue 17_0\n" && left("exit/01.0") == nil)
    let result = try run(script)
    #expect(result.status == 78 && result.errors.contains(words), "\(result.errors)")
    #expect(text("requeued") == "requeue 17_0\n" && left("exit/01.0") == "78\n" && text("arguments") == nil)
  }

  @Test("A failure inside a sourced file, or one that a line tolerates, ends nothing")
  func setupMayFail() throws {
    let file = try folder.write("profile", text: "false\nexport SAID=read\n")
    let lines = [
      ". \(file)", "false || true", "if false; then", "exit 1", "fi", "[ -z \"$SAID\" ] && exit 1", "echo $SAID",
    ]
    let list = lines.map { "'\($0)'" }.joined(separator: ", ")
    let result = try run(script(settings: settings("setup: [\(list)]")))
    #expect(result.status == 0 && result.text == "read\nsaid\n", "\(result.errors)")
  }

  /// The options in `#SBATCH` lines, parsed like Slurm: a blank ends a word outside of quotes, whatever comes before
  /// them, a backslash escapes the next character, in quotes too, and a `#` begins a comment.
  private func directives(_ script: SlurmScript) -> [String] {
    script.text.split(separator: "\n").prefix { $0.hasPrefix("#") }.dropFirst().filter { $0.hasPrefix("#SBATCH ") }
      .flatMap { words(of: String($0.dropFirst(8))) }
  }

  /// The words of one such line, byte by byte, like Slurm.
  private func words(of line: String) -> [String] {
    var (words, word, quote, isKept) = ([String](), [UInt8](), UInt8?.none, false)
    func ends(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    for byte in line.utf8 {
      if quote == nil, ends(byte) {
        words.append(String(decoding: word, as: UTF8.self))
        (word, isKept) = ([], false)
      } else if isKept {
        word.append(byte)
        isKept = false
      } else if byte == UInt8(ascii: "\\") {
        isKept = true
      } else if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if quote == nil, word.isEmpty, byte == UInt8(ascii: "#") {
        break
      } else {
        word.append(byte)
      }
    }
    return words + [String(decoding: word, as: UTF8.self)]
  }

  @Test("Whatever names and settings hold, each option of sbatch is one word, and they create no others")
  func quoting() throws {
    let settings = try settings(
      "account: \"a'b\\\"c#d\\\\e$(f)\", partition: \"p,q\", constraint: \"[x|y]&z*2\", time: 10min, memory: 1GiB, cpus: 2, throttle: 3, lines: [--exclude=n7]"
    )
    let found = directives(script(name: "collapse.a b'\"\n#SBATCH --x;$(rm)ä.m", settings: settings))
    #expect(
      found == [
        "--job-name=collapse.a_b____SBATCH_--x___rm__.m", "--comment=collapse-x-1", "--array=0-1%3",
        "--account=a'b\"c#d\\e$(f)", "--constraint=[x|y]&z*2", "--cpus-per-task=2", "--partition=p,q", "--time=10",
        "--mem=1024M", "--signal=B:TERM@120", "--requeue", "--open-mode=append", "--kill-on-invalid-dep=yes",
        "--chdir=\(folder.path)",
        "--output=\(output.replacingOccurrences(of: "%", with: "%%"))/slurm/log/01.%a", "--exclude=n7",
      ], "\(found)")
    #expect(directives(script([["x"]], isArray: false)).contains { $0.hasSuffix("/slurm/log/01.0") })
  }

  @Test("A pipeline from a file may have any name")
  func syntax() throws {
    for name in ["'", "\"", "`x`", "$(touch \(folder.file("made")))", "a\nb", "%j", "#", "\\"] {
      #expect(try run(script(name: name)).status == 0, "\(name)")
    }
    #expect(text("made") == nil)
  }
}
