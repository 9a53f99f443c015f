import ArgumentParser
import Engine
import Plan
import Stages

/// The stream that a verb reads: what the `read` stage takes, but for the number of threads.
struct StreamGroup: ParsableArguments {
  @Argument(help: ArgumentHelp("Files, globs in natural order (quoted), or - for standard input.", valueName: "input"))
  var inputs: [String] = []

  @Option(help: "A command for the shell whose standard output is the stream, in place of files.")
  var command: String?

  @Option(help: Verb.help(ReadStage.self, "nonfinite"))
  var nonfinite: String?

  @Flag(help: "Uint16 features are the bits of bfloat16.")
  var bf16 = false

  @Option(help: Verb.help(ReadStage.self, "rows"))
  var rows: String?

  @OptionGroup var arrays: ArrayNamesGroup

  /// As the stage takes it, with tokens apart, which have a group of their own in the help.
  func options(threads: String?, _ pairing: PairingGroup) -> [String: StageDescription.Option?] {
    [
      "files": inputs.isEmpty ? nil : Verb.arguments("INPUT", inputs), "command": Verb.option("command", command),
      "nonfinite": Verb.option("nonfinite", nonfinite), "bf16": Verb.flag("bf16", bf16),
      "rows": Verb.option("rows", rows),
      "threads": Verb.option("threads", threads),
    ].merging(arrays.options) { own, _ in own }.merging(pairing.options) { own, _ in own }
  }
}
