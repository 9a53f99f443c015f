import Foundation
import TestSupport
import Testing

@testable import Plan
@testable import Slurm
@testable import Stages
@testable import collapse

/// An option is declared once; the verb's flag, its help, its completion and the pipeline file's key come from that.
@Suite("Options of verbs and of pipeline files")
struct OptionsTests {
  /// Kinds that are verbs.
  private static let verbs = [
    "accumulate", "merge", "decide", "measure", "compare", "collect", "study", "report", "write", "count",
  ]

  private static let kinds = StageKinds.all.filter { verbs.contains($0.name) }

  /// The help of a verb, in one line.
  private func help(_ verb: String) throws -> String {
    try Tool.collapse(verb, "--help").text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("A verb has every option of its kind and of its reader, with its help, except those only for pipeline files")
  func complete() throws {
    for kind in Self.kinds {
      let help = try help(kind.name)
      let takesStream = kind.options.contains { $0.isRequired && $0.needs == .stream }
      for spec in kind.options + (takesStream ? ReadStage.options : []) {
        let flag = spec.type == .flag ? "--\(spec.name) " : "--\(spec.name) <\(spec.name)> "
        let label = spec.verb.argument.map { "<\($0)> " } ?? flag
        #expect(help.contains(label) == spec.isOnCommandLine || kind.name == "study", "\(kind.name) \(spec.name)")
        guard spec.isOnCommandLine, spec.name != "threads" || kind.options.contains(where: { $0.help == spec.help })
        else { continue }
        let text = spec.verb.help ?? spec.help
        #expect(
          help.contains("\(label)\(text.prefix(1).uppercased())\(text.dropFirst())."), "\(kind.name) \(spec.name)")
      }
    }
  }

  @Test("Few options are only for pipeline files")
  func fileOnly() {
    let absent = Self.kinds.map { kind in
      "\(kind.name): \(kind.options.filter { $0.verb.isAbsent }.map(\.name).joined(separator: " "))"
    }
    #expect(
      absent.filter { !$0.hasSuffix(": ") } == [
        "accumulate: shard-files shard-rows", "decide: shard-files shard-rows", "study: format",
        "report: study comparison",
      ])
  }

  @Test("The help of a verb lists required options first, then its own, then those of every verb")
  func order() throws {
    let text = try Tool.collapse("accumulate", "--help").text
    #expect(text.contains("USAGE: collapse accumulate [<options>] --output <output> [<input> ...]"))
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("  -") }.map { line in
      line.split(separator: " ").first { $0.hasPrefix("--") }.map(String.init) ?? ""
    }
    #expect(
      lines == [
        "--output", "--within", "--moments", "--vocabulary", "--threads", "--memory", "--scratch", "--measure-every",
        "--timeline", "--parts", "--checkpoint", "--restart", "--command", "--nonfinite", "--bf16", "--rows",
        "--labels", "--features", "--predictions", "--tokens", "--token-type", "--raw", "--sequence-length",
        "--sequence-offsets", "--sequence-lengths", "--end-of-text", "--ignore", "--every-sequence", "--nice",
        "--ionice", "--io-rate", "--log-format",
        "--log-interval", "--force", "--status-file", "--version", "--help",
      ])
    #expect(text.contains("  -o, --output <output>   The state file to write (HDF5)."))
    #expect(try help("write").contains("- is standard output. (default: -)"))
  }

  @Test("Shells complete flags and values: names to choose from, files and folders")
  func completion() throws {
    let script = try Tool.collapse("--generate-completion-script", "fish").text.split(separator: "\n")
    func line(_ verb: String, _ option: String) -> Substring {
      script.first { $0.contains("\"collapse \(verb)\" \(option)'") && $0.contains("-l '\(option)'") } ?? ""
    }
    #expect(line("accumulate", "within").hasSuffix("-rfka 'none pooled pooled-single'"))
    #expect(line("accumulate", "timeline").hasSuffix("-rF"))
    #expect(line("accumulate", "scratch").hasSuffix("(__collapse_complete_directories)'"))
    #expect(line("merge", "log-format").hasSuffix("-rfka 'text json'"))
    for shell in ["bash", "zsh"] {
      let text = try Tool.collapse("--generate-completion-script", shell).text
      #expect(text.contains("--measure-every") && text.contains("pooled-single"), "\(shell)")
    }
  }

  @Test("An unknown flag is refused with the intended one")
  func misspelt() throws {
    let result = try Tool.collapse("measure", "m.h5", "--mincount", "3")
    #expect(result.status == 64 && result.errors.contains("Did you mean '--min-count'?"))
  }

  /// An example value of an option.
  private func sample(_ spec: OptionSpec) -> String {
    switch spec.type {
    case .count(let least, _), .amount(let least, _): "\(max(least, 3))"
    case .integer: "-100"
    case .bytes, .rate: "4GiB"
    case .interval: "10s"
    case .rows: "3-7"
    case .flag: "true"
    // One that is not the default.
    case .choice(let names): (spec.name == "ood-mean" ? names.first : names.last) ?? ""
    case .text, .file, .array, .output, .folder, .reference: "some.txt"
    }
  }

  /// A stage of the kind after an option is set, by whatever way.
  private struct Outcome: Equatable {
    let values: [String]
    let fingerprint: [String: String]
    let files: [String]
    let problems: Int

    init(_ kind: any StageKind.Type, _ name: String, _ option: StageDescription.Option?) {
      var decoder = OptionDecoder(
        StageDescription(
          name: "s", kind: Located(kind.name, .option("s")), options: option.map { [name: $0] } ?? [:]),
        kind.options)
      let stage = kind.init(decoding: &decoder)
      values = option?.values.map(\.value) ?? []
      fingerprint = stage.fingerprint
      files = (stage.inputs + stage.outputs).map(\.value)
      problems = decoder.problems.count
    }
  }

  @Test("Every option means the same in a pipeline file and on the command line")
  func roundTrip() throws {
    for kind in Self.kinds + [ReadStage.self] {
      for spec in kind.options where spec.isOnCommandLine {
        let value = sample(spec)
        let text = "stages:\n  s: { uses: \(kind.name), \(spec.name): \"\(value)\" }\n"
        let file = PipelineFile.check(text: text, file: "p.yaml", settings: [], in: standardRegistry)
        let written = try #require(file.description.stages.first?.options[spec.name])
        let option = try parsed(kind, spec, value)
        let given = try #require(option, "\(kind.name) \(spec.name)")
        #expect(given.place == .option(spec.verb.argument?.uppercased() ?? "--\(spec.name)"))
        let outcomes = [written, given].map { Outcome(kind, spec.name, $0) }
        #expect(outcomes[0] == outcomes[1] && outcomes[0].values == [value], "\(kind.name) \(spec.name)")
        // An option that decides the result changes the fingerprint.
        #expect(
          (outcomes[0].fingerprint != Outcome(kind, spec.name, nil).fingerprint) == spec.changesResult,
          "\(kind.name) \(spec.name)")
      }
    }
  }

  /// The result of one option on the command line, together with the required ones.
  private func parsed(
    _ kind: any StageKind.Type, _ spec: OptionSpec, _ value: String
  ) throws -> StageDescription.Option? {
    func arguments(_ spec: OptionSpec, _ value: String) -> [String] {
      spec.verb.argument != nil ? [value] : spec.type == .flag ? ["--\(spec.name)"] : ["--\(spec.name)", value]
    }
    func parse<Kind: StageKind>(_: Kind.Type) throws -> [String: StageDescription.Option] {
      // In the order declared, which is that of positional arguments.
      let words = Kind.options.filter { $0.isOnCommandLine && ($0.isRequiredOnCommandLine || $0.name == spec.name) }
      return try Options<Kind>.parse(words.flatMap { arguments($0, $0.name == spec.name ? value : "x") }).given
    }
    return try parse(kind)[spec.name]
  }

  @Test("An error or log line of a stage in a pipeline file names keys of the file, not flags")
  func words() throws {
    let words = PipelineFileWording(standardRegistry, flags: ["scratch"])
    #expect(words.translate("accumulate --within pooled keeps it") == "accumulate within: pooled keeps it")
    #expect(words.translate("give --memory more, or --scratch another") == "give memory more, or --scratch another")
    #expect(words.translate("start over with --restart") == "start over with --restart")
    #expect(words.translate("--memory or fewer (--threads)") == "memory or fewer (threads)")
    // Text of the user, and names, stay as they are.
    for own in ["running “make --within pooled --memory 1”", "wrote out/a--memory.h5", "slept --memory-ish"] {
      #expect(words.translate(own) == own)
    }
    #expect(ConsoleLog(words: words).worded("m: leave out --within pooled") == "m: leave out within: pooled")
    #expect(ConsoleLog().worded("m: leave out --within pooled") == "m: leave out --within pooled")
    let folder = try TemporaryFolder()
    let stream = try folder.write("s.npy", NPY.batch([1, 9], [1, 2, 3, 4], dimension: 2))
    let pipeline = try folder.write(
      "p.yaml",
      text:
        "stages:\n  s: { uses: read, files: \(stream) }\n  m: { uses: accumulate, from: s, vocabulary: 5, output: \(folder.file("m.h5")) }\n"
    )
    #expect(try Tool.collapse("run", pipeline).errors.contains("→ raise vocabulary, or check"))
    let verb = try Tool.collapse("accumulate", stream, "--vocabulary", "5", "--output", folder.file("m.h5"))
    #expect(verb.errors.contains("→ raise --vocabulary, or check"))
  }
}
