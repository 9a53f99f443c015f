import Testing

@testable import Formats
@testable import Plan
@testable import Support

@Suite("Options")
struct OptionDecoderTests {
  private let specs = [
    OptionSpec("files", "files", required: true, list: true), OptionSpec("threads", "threads"),
    OptionSpec("memory", "memory"), OptionSpec("nonfinite", "policy"), OptionSpec("bf16", "flag"),
  ]

  private func decoder(_ options: [String: [String]], at place: Place = .option("--test")) -> OptionDecoder {
    return OptionDecoder(
      StageDescription(
        name: "s", kind: Located("read", place),
        options: options.mapValues { .init(place, $0.map { Located($0, place) }) }), specs)
  }

  @Test("Good values decode to what they say")
  func good() {
    var decoder = decoder([
      "files": ["a", "b"], "threads": ["3"], "memory": ["1.5GiB"], "nonfinite": ["skip"], "bf16": ["true"],
    ])
    #expect(decoder.list("files").map(\.value) == ["a", "b"])
    let (threads, memory, bf16) = (decoder.count("threads"), decoder.bytes("memory"), decoder.flag("bf16"))
    let policy = decoder.choice("nonfinite", NonfinitePolicy.error)
    #expect(threads == 3)
    #expect(memory == 3 << 29)
    #expect(policy == .skip)
    #expect(bf16)
    #expect(decoder.problems.isEmpty)
  }

  @Test("A folder of no name, as an unset variable of a shell leaves it, is refused")
  func folder() {
    var good = decoder(["files": ["/tmp"]])
    let found = good.folder("files")?.value
    #expect(found == "/tmp" && good.problems.isEmpty)
    var bad = decoder(["files": [""]])
    let none = bad.folder("files")
    #expect(none == nil)
    #expect(bad.problems.map(\.description).joined().contains("found an empty name"))
  }

  @Test("A file to write of no name is refused, whichever option it is for")
  func output() {
    func problems(_ value: String, at place: Place) -> [Problem] {
      let stage = StageDescription(
        name: "s", kind: Located("measure", place),
        options: ["classes": .init(place, [Located(value, place)])])
      return OptionDecoder(stage, [OptionSpec("classes", "table", .output)]).problems
    }
    #expect(problems("a.csv", at: .option("--classes")).isEmpty && problems("-", at: .option("--classes")).isEmpty)
    let shell = problems("", at: .option("--classes"))
    #expect(shell.map(\.advice) == ["write, for example, --classes FILE"])
    #expect(shell.map(\.description).joined().contains("found an empty name"))
    let file = problems("", at: .file("p.yaml", line: 2, column: 3))
    #expect(file.map(\.advice) == ["write, for example, classes: FILE"])
  }

  @Test("Absent values are the standard ones")
  func absent() {
    var decoder = decoder(["files": ["a"]])
    let (threads, memory, bf16) = (decoder.count("threads"), decoder.bytes("memory"), decoder.flag("bf16"))
    let policy = decoder.choice("nonfinite", NonfinitePolicy.error)
    #expect(threads == nil)
    #expect(memory == nil)
    #expect(policy == .error)
    #expect(!bf16)
    #expect(decoder.problems.isEmpty)
  }

  @Test("Every bad value is a problem of its own, and all are found in one go")
  func bad() {
    var decoder = decoder([
      "thread": ["1"], "threads": ["0"], "memory": ["lots"], "nonfinite": ["skipp"], "bf16": ["yes"],
    ])
    _ = (decoder.count("threads"), decoder.bytes("memory"), decoder.flag("bf16"))
    _ = decoder.choice("nonfinite", NonfinitePolicy.error)
    let text = PipelineError(decoder.problems).description
    #expect(decoder.problems.count == 6)
    #expect(text.contains("unknown option “thread” of read\n  → did you mean “threads”?"))
    #expect(text.contains("stage “s” needs files"))
    #expect(text.contains("found “0”"))
    #expect(text.contains("did you mean “skip”?"))
  }

  @Test("Advice is written as options are where the mistake is")
  func advice() {
    var shell = decoder(["files": ["a"], "threads": ["0"], "memory": ["x"]])
    _ = (shell.count("threads"), shell.bytes("memory"))
    #expect(
      shell.problems.map(\.advice) == [
        "write, for example, --threads 1", "write a number and a unit, for example --memory 4GiB",
      ])
    var file = decoder(["files": ["a"], "threads": ["0"]], at: .file("p.yaml", line: 1, column: 1))
    _ = file.count("threads")
    #expect(file.problems.map(\.advice) == ["write, for example, threads: 1"])
  }

  @Test("A number beyond its bounds is told them")
  func bounds() {
    for (value, found) in [("1", 1), ("9", 9), ("0", nil), ("10", nil), ("1e99", nil)] as [(String, Int?)] {
      var decoder = decoder(["files": ["a"], "threads": [value]])
      let count = decoder.count("threads", atMost: 9)
      #expect(count == found)
      #expect(found != nil || decoder.problems.first?.description.contains("a whole number from 1 to 9") == true)
    }
  }

  @Test("A list where one value is wanted is a problem")
  func lists() {
    #expect(decoder(["files": ["a"], "threads": ["1", "2"]]).problems.count == 1)
  }

  @Test(
    "Amounts of memory",
    arguments: [
      ("4GiB", 4 << 30), ("4 GiB", 4 << 30), ("512M", 512 << 20), ("1e9", 1_000_000_000), ("2kb", 2000), ("7", 7),
      ("1", 1), ("-1", nil), ("0", nil), ("0.5", nil), ("0.5k", 512), ("GiB", nil), ("4XB", nil), ("inf", nil),
      ("1e30", nil), ("nan", nil),
    ] as [(String, Int?)])
  func amounts(text: String, bytes: Int?) {
    #expect(ByteCount.parse(text) == bytes)
  }

  @Test("Amounts in words")
  func described() {
    #expect(ByteCount.describe(12) == "12 B")
    #expect(ByteCount.describe(3 << 29) == "1.5 GiB")
  }
}
