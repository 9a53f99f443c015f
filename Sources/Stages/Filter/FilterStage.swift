import Engine
import Formats
import Plan

/// `filter`: some samples of a stream, by their labels and sequences.
///
/// A sample is passed on where its sequence is one of each k (``SequenceOptions``), its label among `tokens`, not among `drop`,
/// and no special token that is to be dropped; of those, the first so many.
public struct FilterStage: StageKind, TransformStage, ForecastingStage {
  public static let name = "filter"
  public static let summary = "some samples of a stream, by their labels and sequences"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(
      \.tokens, "tokens", "token ids to pass on: ids, ranges as in 0-99, files of an id a line", changesResult: true),
    .init(\.drop, "drop", "token ids to leave out, named like tokens", changesResult: true),
    .init(
      \.first, "first", "samples to pass on at most, as in 1e6, of those that the other options let through",
      .amount()),
    .init(\.dropSpecial, "drop-special", "leave out what the tokenizer calls special tokens: true or false"),
    .init(\.tokenizer, "tokenizer", "the model's tokenizer.json, which says what tokens are special", .file),
    .init(group: \.sequenceOptions),
  ]

  var tokens: TokenChoice?
  var drop = TokenChoice([])
  var first: Int?
  var dropSpecial = false
  var tokenizer: Located<String>?
  private var sequenceOptions = SequenceOptions()

  package init() {}

  /// Which sequences are passed on; nil where all are.
  var sequences: SequenceOptions? { sequenceOptions.every == nil ? nil : sequenceOptions }

  package func settle(_ decoder: inout OptionDecoder) {
    if dropSpecial, tokenizer == nil, let place = decoder.located("drop-special")?.place {
      decoder.complain(
        place, "drop-special needs tokenizer, which says what tokens are special",
        advice: "add \(place.example("tokenizer", "tokenizer.json"))")
    }
    if !dropSpecial, let tokenizer {
      decoder.complain(
        tokenizer.place, "a tokenizer, but nothing to do with it", advice: "add drop-special: true, or leave it out")
    }
  }

  package func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws {
    if first != nil {
      throw Problem(
        rule.place, "“\(stage.written)” passes the first samples on, which no shard can count",
        advice: "leave out first there, or \(rule.option) here")
    }
    if case .rows = rule.size, sequences?.remembers == true {
      throw Problem(
        rule.place, "“\(stage.written)” counts ends of text, which no shard can that begins within a file",
        advice: "split by shard-files, or say sequence-samples there")
    }
  }

  package func transform(stage: String) throws -> any SampleTransform {
    var dropped = try drop.tokens()
    if dropSpecial, let tokenizer {
      dropped = dropped.union(TokenRanges(try Tokenizer(tokenizer.value).specialTokens))
    }
    return SampleFilter(
      sequences: sequences.map { SequenceSieve($0, stage: stage) }, tokens: try tokens?.tokens(), dropped: dropped,
      first: first)
  }

  package func forecast(_ outlook: StageOutlook) throws -> StageForecast { outlook.passingOn }
}

/// Passes samples on by their sequences and labels, and no more than so many.
private struct SampleFilter: SampleTransform {
  var sequences: SequenceSieve?
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

  mutating func pass(_ sample: PassingSample) throws -> PassingSample? {
    guard let sample = sequences == nil ? sample : try sequences?.pass(sample) else { return nil }
    guard passed < first ?? .max, tokens?.contains(sample.label) ?? true, !dropped.contains(sample.label) else {
      return nil
    }
    passed += 1
    return sample
  }
}
