import Foundation
import TestSupport
import Testing

/// Promise: a pipeline file runs no command that its user has not seen and allowed.
@Suite("Commands of a stranger's pipeline file")
struct ConsentTests {
  private let folder: TemporaryFolder
  private let slurm: FakeSlurm

  init() throws { (folder, slurm) = (try TemporaryFolder(), try FakeSlurm()) }

  private func pipeline(_ section: String = "", stage: String = "", more: String = "", name: String = "p") throws
    -> String
  {
    try folder.write(
      "p.yaml",
      text: """
        name: \(name)
        parameters: { out: "\(folder.path)/out", d: "$" }
        slurm: { \(section) }
        stages:
          s: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          m: { uses: accumulate, from: s }
          g: { uses: measure, moments: m, slurm: { cpus: 1\(stage) } }
        \(more)
        """)
  }

  private func run(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Places.tool, arguments, folder: folder.path, environment: slurm.environment)
  }

  @Test("Setup, lines and scratch are shown, each with its place, and no job is submitted without consent")
  func sections() throws {
    let file = try pipeline(
      "setup: [\"touch \(folder.path)/made\", \"x $(y)\"]", stage: ", lines: [--output=/x], scratch: $TMPDIR")
    for options in [["--executor", "slurm"], ["--executor", "slurm", "--detach"]] {
      let refused = try Tool.run(Places.tool, ["run", file] + options, environment: slurm.environment)
      #expect(refused.status == 65, "\(refused.errors)")
      for shown in [
        "p.yaml:3:18: setup runs a shell line in jobs: touch \(folder.path)/made\n",
        ": setup runs a shell line in jobs: x $(y)\n",
        ": lines gives sbatch an option: --output=/x\n",
        "scratch lets the shell of each node name a folder: $TMPDIR\n",
      ] {
        #expect(refused.errors.contains(shown), "\(shown) \(refused.errors)")
      }
      #expect(refused.errors.contains("--allow-commands"))
    }
    #expect(try slurm.submitted.isEmpty && folder.names == ["p.yaml"])
    let dry = try run("run", file, "--executor", "slurm", "--dry-run")
    #expect(dry.status == 0 && dry.text.contains("\ntouch \(folder.path)/made\n"), "\(dry.errors)")
    #expect(try slurm.submitted.isEmpty && folder.names == ["p.yaml"])
    let allowed = try run("run", file, "--executor", "slurm", "--detach", "--allow-commands")
    #expect(allowed.status == 0, "\(allowed.errors)")
    #expect(
      allowed.errors.contains("p.yaml:3:18: allowed: setup runs a shell line in jobs: touch"), "\(allowed.errors)")
    let scripts = try slurm.submitted
    #expect(scripts.contains("\ntouch \(folder.path)/made\n") && scripts.contains("\n#SBATCH --output=/x\n"))
    #expect(scripts.contains(" --scratch=\"${TMPDIR:?}\""))
  }

  @Test("A run on this machine needs no consent for what only jobs use, and validate names all commands")
  func local() throws {
    let file = try pipeline(
      "setup: [\"touch \(folder.path)/made\"]",
      more: "  c: { uses: read, command: \"touch \(folder.path)/made\" }\n  n: { uses: accumulate, from: c }")
    let valid = try run("validate", file)
    #expect(valid.status == 0, "\(valid.errors)")
    #expect(
      valid.errors.contains(
        "p.yaml:3:18: run needs --allow-commands with --executor slurm, because setup runs a shell line in jobs: touch"),
      "\(valid.errors)")
    #expect(
      valid.errors.contains("p.yaml:8:29: run needs --allow-commands, because command runs a program: touch"),
      "\(valid.errors)")
    let refused = try run("run", file)
    #expect(refused.status == 65 && refused.errors.contains("command runs a program: touch"), "\(refused.errors)")
    #expect(!refused.errors.contains("setup") && !FileManager.default.fileExists(atPath: folder.file("made")))
    #expect(try run("run", pipeline("setup: [\"touch \(folder.path)/made\"]")).status == 0)
    #expect(try !folder.names.contains("made"))
  }

  @Test("All commands are shown, however many there are")
  func many() throws {
    let lines = (0..<250).map { "\"echo line-\($0)-\"" }.joined(separator: ", ")
    let refused = try run("run", pipeline("setup: [\(lines)]"), "--executor", "slurm")
    #expect(refused.status == 65 && (0..<250).allSatisfy { refused.errors.contains("line-\($0)-") })
  }

  @Test("A plan in place of a pipeline file needs consent too, and its stage names cannot add lines or options")
  func plan() throws {
    let file = try pipeline("setup: [\"touch \(folder.path)/made\"]")
    #expect(try run("run", file, "--executor", "slurm", "--detach", "--allow-commands").status == 0)
    let sent = try slurm.submitted
    let plan = String(decoding: try folder.read("out/slurm/plan.json"), as: UTF8.self)
    for executor in ["slurm", "local"] {
      try folder.write("stranger.json", text: plan)
      let refused = try run("run", "stranger.json", "--executor", executor)
      #expect(refused.status == (executor == "slurm" ? 65 : 0), "\(refused.errors)")
      #expect(refused.errors.contains("setup runs a shell line") == (executor == "slurm"))
    }
    for name in ["g\\nx", "g\\tm", "--allow-commands x", "../g", "g/../x", ""] {
      try folder.write("stranger.json", text: plan.replacing("\"name\":\"g\"", with: "\"name\":\"\(name)\""))
      let refused = try run("run", "stranger.json", "--executor", "slurm", "--detach", "--allow-commands")
      #expect(refused.status == 65 && refused.errors.contains("expected a stage name"), "\(name) \(refused.errors)")
    }
    #expect(try slurm.submitted == sent && !folder.names.contains("made"))
  }

  @Test(
    "What the file names is data in scripts: an output folder, a pipeline, an account run nothing and add no option",
    arguments: [
      "o'\u{301}; touch made; '\u{301}", "o\u{D4E}'; touch made; \u{D4E}'", "$(touch made)", "`touch made`",
      "o' \\\"; touch made; \\\"",
      "o #SBATCH --output=made", "-o", "%j%x",
    ])
  func names(name: String) throws {
    let out = "\(folder.path)/out/\(name)"
    let file = try folder.write(
      "p.yaml",
      text: """
        name: "\(name)"
        parameters: { out: "\(out)" }
        slurm: { constraint: "\(name.replacing(" ", with: ""))" }
        stages:
          s: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          m: { uses: accumulate, from: s }
        """)
    let sent = try run(
      "run", file, "--executor", "slurm", "--detach", "--set", "out=\(out.replacing("\\\"", with: "\""))")
    #expect(sent.status == 0, "\(sent.errors)")
    try folder.write("job.sh", text: slurm.submitted)
    let job = try Tool.run(
      "bash", ["job.sh"], folder: folder.path,
      environment: slurm.environment.merging(["SLURM_JOB_ID": "9"]) { $1 })
    #expect(job.status == 0, "\(job.errors)")
    #expect(try !folder.names.contains("made"))
    let options = try slurm.submitted.split(separator: "\n").filter { $0.hasPrefix("#SBATCH ") }
    #expect(options.allSatisfy { $0.hasPrefix("#SBATCH --") }, "\(options)")
    let given = options.map { $0.prefix { $0 != "=" } }
    #expect(Set(given).count == given.count && given.count <= 11, "\(options)")
  }

  /// The record of the jobs, changed.
  private func changeJobs(_ change: (inout [String: Any], inout [[String: Any]]) -> Void) throws {
    let data = Data(try folder.read("out/slurm/jobs.json"))
    var record = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    var jobs = try #require(record["jobs"] as? [[String: Any]])
    change(&record, &jobs)
    record["jobs"] = jobs
    try folder.write("out/slurm/jobs.json", Array(JSONSerialization.data(withJSONObject: record)))
  }

  @Test("Scripts that lie in the output folder are not submitted: those of remaining jobs are written again")
  func strangersScripts() throws {
    let file = try pipeline()
    try slurm.accepts(false)
    #expect(try run("run", file, "--executor", "slurm", "--detach").status == 1)
    try slurm.accepts(true)
    try changeJobs { record, jobs in
      jobs[0]["id"] = "7"
      record["isRefused"] = false
    }
    try slurm.setQueue("7|RUNNING|None|n1|x|\(folder.path)/out/slurm/01.sh")
    let evil = "#!/bin/bash\ntouch \(folder.path)/made\n"
    for name in ["02.sh", "02.tasks"] { try folder.write("out/slurm/\(name)", text: evil) }
    try folder.write("victim", text: "precious\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("out/slurm/starts/02.0"), withDestinationPath: folder.file("victim"))
    let sent = try run("run", file, "--executor", "slurm", "--detach")
    #expect(sent.status == 0, "\(sent.errors)")
    let scripts = try slurm.submitted
    #expect(scripts.contains("/plan.json") && !scripts.contains("made"), "\(scripts)")
    #expect(String(decoding: try folder.read("out/slurm/02.tasks"), as: UTF8.self) == "g\n")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/slurm/starts/02.0")))
    #expect(String(decoding: try folder.read("victim"), as: UTF8.self) == "precious\n")
  }

  @Test("A record of jobs whose values could become options or lines of commands is refused")
  func strangersRecord() throws {
    let file = try pipeline()
    try slurm.accepts(false)
    #expect(try run("run", file, "--executor", "slurm", "--detach").status == 1)
    try slurm.accepts(true)
    let whole = try folder.read("out/slurm/jobs.json")
    typealias Change = (inout [String: Any], inout [[String: Any]]) -> Void
    let changes: [Change] = [
      { record, _ in record["id"] = "x\n#SBATCH --output=/x" }, { record, _ in record["id"] = "" },
      { _, jobs in jobs[0]["id"] = "--user=root" }, { _, jobs in jobs[0]["id"] = "" },
      { _, jobs in jobs[0]["number"] = -3 }, { _, jobs in jobs[1]["needs"] = [2] },
      { _, jobs in jobs[0]["tasks"] = [["m\nx"]] }, { _, jobs in jobs[0]["tasks"] = [["--x y"]] },
      { _, jobs in jobs[0]["megabytes"] = -1 },
    ]
    for change in changes {
      try folder.write("out/slurm/jobs.json", whole)
      try changeJobs(change)
      for words in [["run", file, "--executor", "slurm", "--detach"], ["cancel", folder.file("out")]] {
        let refused = try Tool.run(Places.tool, words, environment: slurm.environment)
        #expect(refused.errors.contains("expected a record of submitted Slurm jobs"), "\(refused.errors)")
      }
    }
    #expect(try slurm.submitted.isEmpty && slurm.cancelled.isEmpty)
  }

  @Test(
    "A link in the folder of jobs is refused, and what it leads to is left alone",
    arguments: ["", "/log", "/jobs.json"])
  func links(name: String) throws {
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: false)
    try FileManager.default.createDirectory(atPath: folder.file("precious"), withIntermediateDirectories: false)
    try folder.write("precious/file", text: "x")
    if !name.isEmpty {
      try FileManager.default.createDirectory(atPath: folder.file("out/slurm"), withIntermediateDirectories: false)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("out/slurm" + name), withDestinationPath: folder.file("precious"))
    let refused = try run("run", pipeline(), "--executor", "slurm", "--detach")
    #expect(refused.status == 1 && refused.errors.contains("a symbolic link"), "\(refused.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("precious")) == ["file"])
    #expect(try slurm.submitted.isEmpty)
  }
}
