import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: `cancel` ends the run that a folder belongs to, and nothing else, whatever the folder's files say.
@Suite("Ending a run from another shell")
struct CancelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A run that goes on until it is told to stop, with its output folder `name`.
  private func start(_ name: String) async throws -> pid_t {
    let file = try folder.write(
      "\(name).yaml",
      text: """
        name: endless
        parameters: { out: "\(folder.file(name))" }
        stages:
          s: { uses: read, command: "cat \(Places.sample)/train-00.npy.zst; exec sleep 600" }
          m: { uses: accumulate, from: s }
        """)
    let process = try Tool.spawn(
      Places.tool, ["run", file, "--allow-commands", "--set", "out=\(folder.file(name))"], input: "/dev/null",
      output: folder.file("\(name).output"), errors: folder.file("\(name).errors"))
    try await wait(for: "status") { (try? status(name)["state"]) as? String == "running" }
    return process
  }

  private func status(_ name: String) throws -> [String: Any] {
    let data = Data(try folder.read("\(name)/status.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The status of a run, with another process for its owner.
  private func forge(_ status: [String: Any], _ name: String, pid: pid_t, start: UInt64?) throws {
    var (status, owner) = (status, try #require(status["owner"] as? [String: Any]))
    owner["pid"] = pid
    owner["start"] = start ?? 0
    status["owner"] = owner
    try? FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    try folder.write("\(name)/status.json", Array(JSONSerialization.data(withJSONObject: status)))
  }

  /// When a process started, as the kernel counts.
  private func began(_ pid: pid_t) -> UInt64? {
    let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat").map { String(decoding: $0, as: UTF8.self) }
    return stat?.split(separator: ")").last?.split(separator: " ").dropFirst(19).first.flatMap { UInt64($0) }
  }

  private func end(_ process: pid_t, _ signal: Int32 = SIGKILL) -> Int32 {
    var status: Int32 = 0
    kill(process, signal)
    waitpid(process, &status, 0)
    return status
  }

  private func isRunning(_ process: pid_t) -> Bool { waitpid(process, nil, WNOHANG) == 0 }

  @Test("The run that holds the folder's lock is asked to stop, and saves its work")
  func own() async throws {
    let process = try await start("out")
    let result = try Tool.collapse("cancel", folder.file("out"))
    #expect(result.status == 0 && result.text.contains("asked pid \(process) of"), "\(result.errors)")
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect(status & 0x7F == 0 && (status >> 8) & 0xFF == 75)
    let again = try Tool.collapse("cancel", folder.file("out"))
    #expect(again.status == 0 && again.text == "endless: not running\n", "\(again.errors)")
  }

  @Test("Any other process that a status file names is left alone: another program, this one, init, groups, nobody")
  func others() async throws {
    let run = try await start("out")
    let real = try status("out")
    let sleeper = try Tool.spawn(
      "sleep", ["600"], input: "/dev/null", output: folder.file("o"), errors: folder.file("e"))
    defer { _ = end(sleeper) }
    for pid in [sleeper, getpid(), getppid(), 1, 0, -1, -sleeper, -run, .min, .max] {
      for start in [began(pid), 0] {
        try forge(real, "forged", pid: pid, start: start)
        let result = try Tool.collapse("cancel", folder.file("forged"))
        let isRefused =
          result.status == 1 && result.errors.contains("nothing was ended")
          || result.status == 65 && result.errors.contains("expected the id of a process")
        #expect(isRefused || result.text == "endless: not running\n", "\(pid) \(result.errors)")
        if pid == sleeper, start != 0 {
          #expect(result.errors.contains("which is not collapse but sleep"), "\(result.errors)")
        }
      }
    }
    #expect(isRunning(sleeper) && isRunning(run))
    #expect((end(run, SIGTERM) >> 8) & 0xFF == 75)
  }

  @Test("A run in another folder is left alone, even if its status and its lock are copied")
  func elsewhere() async throws {
    let run = try await start("out")
    try FileManager.default.createDirectory(atPath: folder.file("copy"), withIntermediateDirectories: false)
    for name in ["status.json", ".status.json.lock"] {
      try folder.write("copy/\(name)", folder.read("out/\(name)"))
      let result = try Tool.collapse("cancel", folder.file("copy"))
      #expect(result.status == 1 && result.errors.contains("which does not hold the file's lock"), "\(result.errors)")
    }
    #expect(isRunning(run))
    #expect((end(run, SIGTERM) >> 8) & 0xFF == 75)
  }

  @Test("A program of this name that is not the run is left alone, even if the folder's lock names it")
  func sameName() async throws {
    let run = try await start("out")
    let real = try status("out")
    #expect((end(run, SIGTERM) >> 8) & 0xFF == 75)
    _ = try Tool.run("install", ["-D", "-m", "755", "/bin/sleep", folder.file("bin/collapse")])
    let other = try Tool.spawn(
      folder.file("bin/collapse"), ["600"], input: "/dev/null", output: folder.file("o"), errors: folder.file("e"))
    defer { _ = end(other) }
    try forge(real, "forged", pid: other, start: began(other))
    let owner = try JSONSerialization.data(
      withJSONObject: [
        "owner": try #require(status("forged")["owner"]), "run": "x", "since": "", "token": "x", "beat": 0,
      ])
    try folder.write("forged/.status.json.lock", Array(owner))
    let result = try Tool.collapse("cancel", folder.file("forged"))
    #expect(result.status == 1 && result.errors.contains("which does not hold the file's lock"), "\(result.errors)")
    #expect(isRunning(other))
  }

  @Test("A process of another user is left alone", .enabled(if: geteuid() == 0 && Tool.exists("setpriv")))
  func anotherUser() async throws {
    let run = try await start("out")
    let real = try status("out")
    #expect((end(run, SIGTERM) >> 8) & 0xFF == 75)
    let other = try Tool.spawn(
      "setpriv", ["--reuid=65534", "--clear-groups", "sleep", "600"], input: "/dev/null", output: folder.file("o"),
      errors: folder.file("e"))
    defer { _ = end(other) }
    try await wait(for: "sleep") {
      (try? String(contentsOfFile: "/proc/\(other)/comm", encoding: .utf8))?.hasPrefix("sleep") == true
    }
    try forge(real, "forged", pid: other, start: began(other))
    let result = try Tool.collapse("cancel", folder.file("forged"))
    #expect(result.status == 1 && result.errors.contains("which is not a process of user 0"), "\(result.errors)")
    #expect(isRunning(other))
  }

  @Test("Jobs are ended only if Slurm says that they were submitted from the folder")
  func jobs() throws {
    let slurm = try FakeSlurm()
    let file = try folder.write(
      "p.yaml",
      text: """
        name: p
        parameters: { out: "\(folder.path)/out" }
        stages:
          s: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          m: { uses: accumulate, from: s }
        """)
    func collapse(_ words: String...) throws -> Tool.Result {
      try Tool.run(Places.tool, words, folder: folder.path, environment: slurm.environment)
    }
    #expect(try collapse("run", file, "--executor", "slurm", "--detach").status == 0)
    let record = try JSONSerialization.jsonObject(with: Data(folder.read("out/slurm/jobs.json"))) as? [String: Any]
    let comment = "collapse-\(try #require(record?["id"] as? String))-1"
    for origin in ["other|/elsewhere/slurm/01.sh", "other|", "\(comment)|/elsewhere/slurm/01.sh"] {
      try slurm.setQueue("8|RUNNING|None|n1|\(origin)")
      let refused = try collapse("cancel", "out")
      #expect(refused.status == 1 && refused.errors.contains("nothing was ended"), "\(refused.errors)")
      #expect(try slurm.cancelled.isEmpty)
    }
    for origin in ["other|\(folder.path)/out/slurm/01.sh", "\(comment)|(null)"] {
      try slurm.setQueue("8|RUNNING|None|n1|\(origin)")
      let done = try collapse("cancel", "out")
      #expect(done.status == 0 && done.text.contains("cancelled job(s) 8"), "\(done.errors)")
    }
    #expect(try slurm.cancelled == "8\n8\n")
  }
}
