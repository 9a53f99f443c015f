import ArgumentParser
import Plan
import Stages

/// Where sequences of tokens end and which of them are labels: what every verb over tokens takes.
struct SequencesGroup: ParsableArguments {
  @Option(help: Verb.help(ReadStage.self, "token-type"))
  var tokenType: String?

  @Option(help: Verb.help(ReadStage.self, "sequence-length"))
  var sequenceLength: String?

  @Option(help: Verb.help(ReadStage.self, "sequence-offsets"))
  var sequenceOffsets: [String] = []

  @Option(help: Verb.help(ReadStage.self, "sequence-lengths"))
  var sequenceLengths: [String] = []

  @Option(help: Verb.help(ReadStage.self, "end-of-text"))
  var endOfText: String?

  @Option(parsing: .unconditionalSingleValue, help: Verb.help(ReadStage.self, "ignore"))
  var ignore: [String] = []

  @Option(help: Verb.help(ReadStage.self, "every-sequence"))
  var everySequence: String?

  /// As the stage takes them.
  var options: [String: StageDescription.Option?] {
    [
      "token-type": Verb.option("token-type", tokenType),
      "sequence-length": Verb.option("sequence-length", sequenceLength),
      "sequence-offsets": Verb.list("sequence-offsets", sequenceOffsets),
      "sequence-lengths": Verb.list("sequence-lengths", sequenceLengths),
      "end-of-text": Verb.option("end-of-text", endOfText), "ignore": Verb.list("ignore", ignore),
      "every-sequence": Verb.option("every-sequence", everySequence),
    ]
  }
}
