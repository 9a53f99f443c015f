import Testing

@testable import Formats
@testable import Plan
@testable import Support

@Suite("Options")
struct OptionDecoderTests {
  /// Options with each type.
  private struct Toy: Settings {
    static let settings: [Setting<Self>] = [
      .init(\.files, "files", "files", .file, required: true), .init(\.threads, "threads", "threads"),
      .init(\.memory, "memory", "memory", .bytes), .init(\.nonfinite, "nonfinite", "policy"),
      .init(\.bf16, "bf16", "flag"), .init(\.folder, "folder", "folder", .folder),
      .init(\.table, "table", "table", .output), .init(\.few, "few", "few", .count(atMost: 9)),
    ]

    var files: [Located<String>] = []
    var threads: Int?
    var memory: Int?
    var nonfinite = NonfinitePolicy.error
    var bf16 = false
    var folder: Located<String>?
    var table: Located<String>?
    var few: Int?
  }

  private func decode(
    _ options: [String: [String]], at place: SourcePosition = .option("--test")
  ) -> (toy: Toy, problems: [Problem]) {
    var decoder = OptionDecoder(
      StageDescription(
        name: "s", kind: Located("read", place),
        options: options.mapValues { .init(place, $0.map { Located($0, place) }) }), Toy.options)
    let toy = Toy(decoding: &decoder)
    return (toy, decoder.problems)
  }

  @Test("Good values decode to what they say")
  func good() {
    let (toy, problems) = decode([
      "files": ["a", "b"], "threads": ["3"], "memory": ["1.5GiB"], "nonfinite": ["skip"], "bf16": ["true"],
      "folder": ["/tmp"], "table": ["-"],
    ])
    #expect(toy.files.map(\.value) == ["a", "b"] && toy.inputs.map(\.value) == ["a", "b"])
    #expect(toy.threads == 3 && toy.memory == 3 << 29 && toy.nonfinite == .skip && toy.bf16)
    #expect(toy.folder?.value == "/tmp" && toy.outputs.map(\.value) == ["-"])
    #expect(problems.isEmpty)
  }

  @Test("A folder with an empty name, as from an unset shell variable, is refused")
  func folder() {
    let (toy, problems) = decode(["files": ["a"], "folder": [""]])
    #expect(toy.folder == nil)
    #expect(problems.map(\.description).joined().contains("found an empty name"))
  }

  @Test("An output file with an empty name is refused, for any option")
  func output() {
    let shell = decode(["files": ["a"], "table": [""]]).problems
    #expect(shell.map(\.advice) == ["write, for example, --table FILE"])
    #expect(shell.map(\.description).joined().contains("found an empty name"))
    let file = decode(["files": ["a"], "table": [""]], at: .file("p.yaml", line: 2, column: 3)).problems
    #expect(file.map(\.advice) == ["write, for example, table: FILE"])
  }

  @Test("Absent values get their defaults")
  func absent() {
    let (toy, problems) = decode(["files": ["a"]])
    #expect(toy.threads == nil && toy.memory == nil && toy.nonfinite == .error && !toy.bf16)
    #expect(problems.isEmpty)
  }

  @Test("Options that decide the result are in the fingerprint, even by default; files, folders and memory are not")
  func fingerprint() {
    let all = [
      "files": "a", "threads": "3", "memory": "1B", "nonfinite": "skip", "bf16": "true", "folder": "d", "table": "t",
      "few": "7",
    ]
    #expect(
      decode(all.mapValues { [$0] }).toy.fingerprint == [
        "threads": "3", "nonfinite": "skip", "bf16": "true", "few": "7",
      ])
    #expect(decode(["files": ["a"]]).toy.fingerprint == ["nonfinite": "error", "bf16": "false"])
  }

  @Test("Every bad value is its own problem, and all are found in one pass")
  func bad() {
    let problems = decode([
      "thread": ["1"], "threads": ["0"], "memory": ["lots"], "nonfinite": ["skipp"], "bf16": ["yes"],
    ]).problems
    let text = PipelineError(problems).description
    #expect(problems.count == 6)
    #expect(text.contains("unknown option “thread” of read\n  → did you mean “threads”?"))
    #expect(text.contains("stage “s” needs files"))
    #expect(text.contains("found “0”"))
    #expect(text.contains("did you mean “skip”?"))
  }

  @Test("Advice is written for the place of the mistake: command line or pipeline file")
  func advice() {
    let shell = decode(["files": ["a"], "threads": ["0"], "memory": ["x"]]).problems
    #expect(
      shell.map(\.advice) == [
        "write, for example, --threads 1", "write a number and a unit, for example --memory 4GiB",
      ])
    let file = decode(["files": ["a"], "threads": ["0"]], at: .file("p.yaml", line: 1, column: 1)).problems
    #expect(file.map(\.advice) == ["write, for example, threads: 1"])
  }

  @Test("The error for a number out of bounds gives the bounds")
  func bounds() {
    for (value, found) in [("1", 1), ("9", 9), ("0", nil), ("10", nil), ("1e99", nil)] as [(String, Int?)] {
      let (toy, problems) = decode(["files": ["a"], "few": [value]])
      #expect(toy.few == found)
      #expect(found != nil || problems.first?.description.contains("a whole number from 1 to 9") == true)
    }
  }

  @Test("A list instead of one value is a problem")
  func lists() {
    #expect(decode(["files": ["a"], "threads": ["1", "2"]]).problems.count == 1)
  }

  @Test(
    "Amounts of memory",
    arguments: [
      ("4GiB", 4 << 30), ("4 GiB", 4 << 30), ("512M", 512 << 20), ("1e9B", 1_000_000_000), ("2kb", 2000), ("7b", 7),
      ("1", nil), ("2048", nil), ("-1", nil), ("0", nil), ("0.5", nil), ("0.5k", 512), ("GiB", nil), ("4XB", nil),
      ("inf", nil),
      ("1e30", nil), ("nan", nil),
    ] as [(String, Int?)])
  func amounts(text: String, bytes: Int?) {
    #expect(ByteCount.parse(text) == bytes)
    if bytes != nil { #expect(ByteCount.parse(text, plain: "m") == bytes) }
  }

  @Test("An amount of memory without a unit is refused, with what to write")
  func unitless() {
    let problems = decode(["files": ["a"], "memory": ["2048"]]).problems
    #expect(
      problems.map(\.description) == [
        "--test: expected an amount of memory for memory, found “2048”\n  → write a number and a unit, for example --memory 4GiB"
      ])
    #expect(ByteCount.parse("2048", plain: "m") == 2048 << 20)
  }

  @Test("Amounts in words")
  func described() {
    #expect(ByteCount.describe(12) == "12 B")
    #expect(ByteCount.describe(3 << 29) == "1.5 GiB")
  }
}
