import Engine
import Formats
import Plan

/// `filter`: some samples of a stream, by their labels and sequences.
///
/// A sample is passed on where its sequence is one of each k (``SequenceChoice``), its label among `tokens`, not among `drop`,
/// and no special token that is to be dropped; of those, the first so many.
public struct FilterStage: StageKind, TransformStage {
  public static let name = "filter"
  public static let summary = "some samples of a stream, by their labels and sequences"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  public static let options =
    [
      OptionSpec("from", "the stream", .reference(.stream, orFile: false), required: true),
      OptionSpec("tokens", "token ids to pass on: ids, ranges as in 0-99, files of an id a line", .file, list: true),
      OptionSpec("drop", "token ids to leave out, named like tokens", .file, list: true),
      OptionSpec(
        "first", "samples to pass on at most, as in 1e6, of those that the other options let through", .amount()),
      OptionSpec("drop-special", "leave out what the tokenizer calls special tokens: true or false", .flag),
      OptionSpec("tokenizer", "the model's tokenizer.json, which says what tokens are special", .file),
    ] + SequenceChoice.specs

  let tokens: TokenChoice?
  let drop: TokenChoice
  let first: Int?
  let dropSpecial: Bool
  let tokenizer: Located<String>?
  let sequences: SequenceChoice?

  public init(decoding decoder: inout OptionDecoder) {
    tokens = decoder.located("tokens") == nil ? nil : TokenChoice(decoder.list("tokens"))
    drop = TokenChoice(decoder.list("drop"))
    first = decoder.amount("first", within: 1...1 << 53)
    dropSpecial = decoder.flag("drop-special")
    tokenizer = decoder.located("tokenizer")
    sequences = SequenceChoice(decoding: &decoder)
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

  public var inputFiles: [String] {
    (tokens?.inputFiles ?? []) + drop.inputFiles + [tokenizer?.value].compactMap(\.self)
  }

  public func check(_ problems: inout [Problem]) {
    tokens?.check(&problems)
    drop.check(&problems)
    problems.append(missing: [tokenizer].compactMap(\.self))
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

  public var recipe: [String: String] {
    [
      "tokens": tokens.map { "\($0.recipe), \($0.inputFiles.count) file(s)" },
      "drop": "\(drop.recipe), \(drop.inputFiles.count) file(s)", "first": first.map { "\($0)" },
      "drop-special": "\(dropSpecial)",
    ].compactMapValues(\.self).merging(sequences?.recipe ?? [:]) { $1 }
  }

  package func transform(stage: String) throws -> any SampleTransform {
    var dropped = try drop.tokens()
    if dropSpecial, let tokenizer {
      dropped = dropped.union(TokenRanges(try Tokenizer(tokenizer.value).specialTokens))
    }
    return SampleFilter(
      sequences.map { SequenceSieve($0, stage: stage) }, tokens: try tokens?.tokens(), dropped: dropped, first: first)
  }
}

/// Passes samples on by their sequences and labels, and no more than so many.
private struct SampleFilter: SampleTransform {
  var sequences: SequenceSieve?
  let tokens: TokenRanges?
  let dropped: TokenRanges
  let first: Int?
  private var passed = 0

  init(_ sequences: SequenceSieve?, tokens: TokenRanges?, dropped: TokenRanges, first: Int?) {
    (self.sequences, self.tokens, self.dropped, self.first) = (sequences, tokens, dropped, first)
  }

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

extension FilterStage: ForecastingStage {
  package func forecast(_ outlook: StageOutlook) throws -> StageForecast { .passingOn(outlook.stream) }
}
