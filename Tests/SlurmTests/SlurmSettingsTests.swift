import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("What jobs ask for")
struct SlurmSettingsTests {
  /// The settings of a stage with `own` in a pipeline whose `slurm:` is `common`.
  private func graph(_ common: String, own: String? = nil, parameters: String = "{ out: o }") throws -> PipelineGraph {
    let (description, problems) = StandardKinds.check(
      text: """
        parameters: \(parameters)
        slurm: { \(common) }
        stages:
          a: { uses: merge, states: LICENSE\(own.map { ", slurm: { \($0) }" } ?? "") }
        """, file: "p.yaml", settings: [])
    return try StandardKinds.graph(description, found: problems)
  }

  private func problems(_ common: String, own: String? = nil) -> [String] {
    let error = #expect(throws: PipelineError.self) { _ = try graph(common, own: own) }
    return error?.problems.map { "\($0)" } ?? []
  }

  @Test("Every key is accepted")
  func whole() throws {
    let settings = try graph(
      """
      account: a, partition: "p,q", qos: high, constraint: "[x|y]&z", time: 4h, memory: 1.5GiB, cpus: 3, throttle: 7,
        retries: 0, lines: [--exclude=n7, -J x], setup: ["module load zstd", "export A='b c'"]
      """
    ).sections.slurm
    #expect(
      settings.directives == [
        "account": "a", "partition": "p,q", "qos": "high", "constraint": "[x|y]&z", "cpus-per-task": "3",
      ])
    #expect(settings.minutes == 240 && settings.megabytes == 1536 && settings.throttle == 7 && settings.retries == 0)
    #expect(settings.lines.map(\.value) == ["--exclude=n7", "-J x"])
    #expect(settings.setup.map(\.value) == ["module load zstd", "export A='b c'"])
    let none = try graph("").sections.slurm
    #expect(none == SlurmSettings() && none.retries == 2)
  }

  @Test("A stage's settings override the file's, key by key, and an empty value removes one")
  func precedence() throws {
    let graph = try graph(
      "account: a, partition: p, cpus: 2, lines: [--x], time: 1h", own: "partition: q, cpus: \"\", lines: []")
    let (own, common) = (graph.stages[0].sections.slurm, graph.sections.slurm)
    #expect(own.directives == ["account": "a", "partition": "q"])
    #expect(own.minutes == 60 && own.lines.isEmpty)
    #expect(
      common.directives == ["account": "a", "partition": "p", "cpus-per-task": "2"]
        && common.lines.map(\.value) == ["--x"])
  }

  @Test("An empty value counts as missing, so that a parameter may hold what only some clusters need")
  func empty() throws {
    let settings = try graph(
      "account: \"${account}\", time: \"\", memory: \"\", lines: \"\", retries: \"\"",
      parameters: "{ out: o, account: \"\" }"
    ).sections.slurm
    #expect(settings == SlurmSettings())
  }

  @Test(
    "Times are written as people or Slurm write them, and are in minutes",
    arguments: [
      ("4h", 240), ("90min", 90), ("30s", 1), ("90s", 2), ("1.5h", 90), ("90", 90), ("1:30", 2), ("2:00", 2),
      ("1:00:00", 60), ("0:00:01", 1), ("1-0", 1440), ("1-12", 2160), ("1-12:30", 2190), ("1-12:00:01", 2161),
      ("0-0:01", 1),
    ])
  func times(text: String, minutes: Int) throws {
    #expect(try graph("time: \"\(text)\"").sections.slurm.minutes == minutes)
  }

  @Test(
    "Memory without a unit is in MiB, as sbatch reads it",
    arguments: [("2048", 2048), ("1.5GiB", 1536), ("2048M", 2048), ("512k", 1), ("1GB", 954), ("0.5", 1)])
  func memory(text: String, megabytes: Int) throws {
    #expect(try graph("memory: \(text)").sections.slurm.megabytes == megabytes)
  }

  @Test(
    "An invalid time is refused",
    arguments: [
      "1.5", "0", "0:00", "0-0", "-5", "1-", "-1-0", "1:2:3:4", "1-1:2:3:4", "soon", "UNLIMITED", "400-0", "1e400h",
      "99999999999999999999", "1-2-3", ":", "1:", "367-0",
    ])
  func wrongTimes(text: String) {
    let found = problems("time: \"\(text)\"")
    #expect(found.count == 1, "\(found)")
    #expect(
      found.first?.hasPrefix("p.yaml:2:16: expected a span of time for time, found “\(text)”") == true, "\(found)")
  }

  @Test(
    "A nonsensical value is named by line and column, with advice",
    arguments: [
      ("acount: a", "p.yaml:2:10: unknown option “acount” of slurm\n  → did you mean “account”?"),
      ("memory: much", "p.yaml:2:18: expected an amount of memory for memory, found “much”"),
      ("memory: -1GiB", "p.yaml:2:18: expected an amount of memory"),
      ("cpus: 0", "p.yaml:2:16: expected a whole number of at least 1 for cpus, found “0”"),
      ("throttle: 1.5", "p.yaml:2:20: expected a whole number of at least 1 for throttle"),
      ("retries: -1", "p.yaml:2:19: expected a whole number of at least 0 for retries"),
      (
        "account: a b", "p.yaml:2:19: expected account without blanks, found “a b”\n  → write other options under lines"
      ),
      ("partition: [p, q]", "p.yaml:2:"),
      ("lines: \"--x\\necho y\"", "p.yaml:2:17: expected one line for lines\n  → write a list of lines"),
      ("account: \"a\\nb\"", "p.yaml:2:19: expected one line for account"),
      ("account: \"a\\u0D4E --output=x\"", "p.yaml:2:19: expected account without blanks"),
      ("qos: \"a\\0b\"", "p.yaml:2:15: expected a value of qos without the character U+0000"),
      ("setup: \"a\\eb\"", "p.yaml:2:17: expected one line without control characters for setup"),
      ("partition: \"a\\u2028b\"", "p.yaml:2:21: expected one line for partition"),
      ("setup: [x, \"a\\nb\"]", "p.yaml:2:21: expected one line for setup"),
      ("lines: [echo x]", "p.yaml:2:18: expected an sbatch option for lines, found “echo x”"),
      ("time: { a: b }", "p.yaml:2:16: expected one value for time"),
    ])
  func wrong(text: String, message: String) {
    let found = problems(text)
    #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    #expect(Set(found).count == found.count, "\(found)")
  }

  @Test("A value too long for a word of sbatch is refused")
  func long() {
    let found = problems("account: \(String(repeating: "a", count: 1001))")
    #expect(
      found.first?.hasPrefix("p.yaml:2:19: expected at most 1000 bytes for account, found 1001") == true, "\(found)")
  }

  @Test(
    "A scratch folder may name a few variables, and every other $ is refused where it stands",
    arguments: [
      ("$HOME/x", "$HOME/x"), ("$(touch x)", "$(touch x)"), ("/a/${d}{TMPDIR@P}", "${TMPDIR@P}"),
      ("$TMPDIRS", "$TMPDIRS"),
      ("/a$", "$"), ("${d}${d}TMPDIR", "$$TMPDIR"), ("${d}{x", "${x"), ("$1", "$1"), ("$TMPDIR/$((1+1))", "$((1+1))"),
      ("${d}{TMPDIR", "${TMPDIR"), ("$\\u0301(x)", "$\u{301}(x)"), ("${d}'x'", "$'x'"),
    ])
  func variables(text: String, found: String) {
    let error = #expect(throws: PipelineError.self) {
      _ = try graph("scratch: \"\(text)\"", parameters: "{ out: o, d: \"$\" }")
    }
    let expected = "in scratch, found “\(found)”"
    #expect(error?.problems.map(\.message).contains { $0.hasSuffix(expected) } == true, "\(error?.problems ?? [])")
  }

  @Test("What a shell or sbatch interprets is listed as a command, each once, with its key and place")
  func commands() throws {
    let graph = try graph(
      "setup: [\"module load a\", b], lines: [--exclude=n7], account: x", own: "scratch: $TMPDIR, lines: [-J x]")
    let found = graph.commands().map { "\($0.place) \($0.words)" }
    #expect(
      found == [
        "p.yaml:2:18 setup runs a shell line in jobs: module load a", "p.yaml:2:35 setup runs a shell line in jobs: b",
        "p.yaml:4:56 scratch lets the shell of each node name a folder: $TMPDIR",
        "p.yaml:4:73 lines gives sbatch an option: -J x",
      ], "\(found)")
    #expect(graph.commands(of: [.run]).isEmpty)
  }

  @Test("A wrong setting of a stage is reported once, at the stage")
  func own() {
    let found = problems("account: a", own: "cpus: none")
    #expect(found.count == 1 && found[0].hasPrefix("p.yaml:4:"), "\(found)")
    #expect(problems("cpus: none", own: "account: b").count == 1)
  }

  @Test("The schema of pipeline files has each key, for the file and for a stage")
  func schema() {
    let schema = PipelineSchema(standardRegistry).json
    for spec in SlurmSettings.options {
      #expect(schema["$defs"]?["slurm"]?["properties"]?[spec.name]?["description"] == .string(spec.help))
    }
    #expect(schema["properties"]?["slurm"]?["$ref"] == .string("#/$defs/slurm"))
    #expect(schema["$defs"]?["stage"]?["properties"]?["slurm"]?["$ref"] == .string("#/$defs/slurm"))
    #expect(schema["$defs"]?["slurm"]?["additionalProperties"] == .boolean(false))
  }

  @Test("A suggestion is used if nothing is set, and unknown amounts are not suggested")
  func suggestions() throws {
    var settings = SlurmSettings()
    settings.suggest(bytes: 400 << 20)
    settings.suggest(seconds: 600)
    #expect(settings.megabytes == 500 + 256 && settings.minutes == 15 + 40)
    settings.suggest(bytes: 1)
    settings.suggest(seconds: 1)
    #expect(settings.megabytes == 756 && settings.minutes == 55)
    var unknown = SlurmSettings()
    unknown.suggest(bytes: .max)
    unknown.suggest(seconds: .infinity)
    #expect(unknown == SlurmSettings())
  }
}
