import Engine
import Formats
import Plan
import Vocabulary

/// `filter`: some samples of a stream, chosen by label and sequence.
///
/// Passes a sample on if its sequence is one of each k (``SequenceOptions``) and its label is allowed. A label is
/// allowed if it is in `tokens`, not in `drop`, and not a dropped special token. Of these, passes on at most `first`.
package struct FilterStage: StageKind, TransformStage, ForecastingStage {
  package static let name = "filter"
  package static let summary = "some samples of a stream, chosen by label and sequence"
  package static let product = Product.stream
  package static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(
      \.tokens, "tokens", "token ids to pass on: ids, ranges as in 0-99, or files with one id per line",
      changesResult: true),
    .init(\.drop, "drop", "token ids to leave out, in the same forms as tokens", changesResult: true),
    .init(
      \.first, "first", "pass on at most this many of the samples that the other options select, as in 1e6",
      .amount()),
    .init(\.dropSpecial, "drop-special", "leave out the tokenizer's special tokens: true or false"),
    .init(\.tokenizer, "tokenizer", "the model's tokenizer.json, or its folder; it lists the special tokens", .file),
    .init(group: \.sequenceOptions),
  ]

  var tokens: TokenSelection?
  var drop = TokenSelection([])
  var first: Int?
  var dropSpecial = false
  var tokenizer: Located<String>?
  private var sequenceOptions = SequenceOptions()

  package init() {}

  /// Which sequences are passed on; nil if all are.
  var sequences: SequenceOptions? { sequenceOptions.every == nil ? nil : sequenceOptions }

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokenizer = tokenizer?.asTokenizerFile
    if dropSpecial, tokenizer == nil, let place = decoder.located("drop-special")?.place {
      decoder.addProblem(
        place, "drop-special needs tokenizer, which lists the special tokens",
        advice: "add \(place.example("tokenizer", "tokenizer.json"))")
    }
    if !dropSpecial, let tokenizer {
      decoder.addProblem(
        tokenizer.place, "tokenizer has no use without drop-special",
        advice: "add drop-special: true, or leave tokenizer out")
    }
  }

  package func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws {
    if first != nil {
      throw Problem(
        rule.place, "“\(stage.written)” passes on the first samples, which a shard cannot count",
        advice: "leave out first there, or \(rule.option) here")
    }
    if case .rows = rule.size, sequences?.remembers == true {
      throw Problem(
        rule.place, "“\(stage.written)” counts ends of text, which a shard that starts inside a file cannot",
        advice: "split by shard-files, or give sequence-samples there")
    }
  }

  package func transform(stage: String) throws -> any SampleTransform {
    var dropped = try drop.tokens()
    if dropSpecial, let tokenizer {
      dropped = dropped.union(TokenRanges(try Tokenizer(tokenizer.value).specialTokens))
    }
    return SampleFilter(
      sequences: sequences.map { SequenceFilter($0, stage: stage) }, tokens: try tokens?.tokens(), dropped: dropped,
      first: first)
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast { outlook.passingOn }
}

/// Passes on samples by sequence and label, up to a limit.
private struct SampleFilter: SampleTransform {
  var sequences: SequenceFilter?
  let tokens: TokenRanges?
  let dropped: TokenRanges
  let first: Int?
  var passed = 0

  var memory: [Int] {
    get { [passed] + (sequences?.memory ?? []) }
    set {
      passed = newValue.first ?? 0
      sequences?.memory = Array(newValue.dropFirst())
    }
  }

  mutating func pass(_ sample: SampleInFlight) throws -> SampleInFlight? {
    guard let sample = sequences == nil ? sample : try sequences?.pass(sample) else { return nil }
    guard passed < first ?? .max, tokens?.contains(sample.label) ?? true, !dropped.contains(sample.label) else {
      return nil
    }
    passed += 1
    return sample
  }
}
