import ArgumentParser
import Plan
import Stages

/// Tokens apart from features, which every verb over a stream takes.
struct PairingGroup: ParsableArguments {
  @Option(help: Verb.help(ReadStage.self, "tokens"))
  var tokens: [String] = []

  @OptionGroup var sequences: SequencesGroup

  /// As the stage takes them.
  var options: [String: StageDescription.Option?] {
    ["tokens": Verb.list("tokens", tokens)].merging(sequences.options) { own, _ in own }
  }
}
