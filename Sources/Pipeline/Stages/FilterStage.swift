import Embeddings
import Streams

/// `filter`: some samples of a stream, by their labels.
///
/// A sample is passed on where its label is among `tokens`, not among `drop`, and no special token that is to be dropped; of
/// those, the first so many. A stream does not say where sequences begin, so none can be picked by sequence; `read` can, where
/// tokens are apart from features (`every-sequence`).
public struct FilterStage: StageKind, TransformStage {
  public static let name = "filter"
  public static let summary = "some samples of a stream, by their labels"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  public static let options = [
    OptionSpec("from", "the stream", .reference(.stream, orFile: false), required: true),
    OptionSpec("tokens", "token ids to pass on: ids, ranges as in 0-99, files of an id a line", .file, list: true),
    OptionSpec("drop", "token ids to leave out, named like tokens", .file, list: true),
    OptionSpec(
      "first", "samples to pass on at most, as in 1e6, of those that the other options let through", .amount()),
    OptionSpec("drop-special", "leave out what the tokenizer calls special tokens: true or false", .flag),
    OptionSpec("tokenizer", "the model's tokenizer.json, which says what tokens are special", .file),
  ]

  let tokens: TokenChoice?
  let drop: TokenChoice
  let first: Int?
  let dropSpecial: Bool
  let tokenizer: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    tokens = decoder.located("tokens") == nil ? nil : TokenChoice(decoder.list("tokens"))
    drop = TokenChoice(decoder.list("drop"))
    first = decoder.amount("first", within: 1...1 << 53)
    dropSpecial = decoder.flag("drop-special")
    tokenizer = decoder.located("tokenizer")
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

  public var recipe: [String: String] {
    [
      "tokens": tokens.map { "\($0.recipe), \($0.inputFiles.count) file(s)" },
      "drop": "\(drop.recipe), \(drop.inputFiles.count) file(s)", "first": first.map { "\($0)" },
      "drop-special": "\(dropSpecial)",
    ].compactMapValues(\.self)
  }

  func transform() throws -> any SampleTransform {
    var dropped = try drop.tokens()
    if dropSpecial, let tokenizer {
      dropped = dropped.union(TokenRanges(try Tokenizer(tokenizer.value).specialTokens))
    }
    return LabelFilter(tokens: try tokens?.tokens(), dropped: dropped, first: first)
  }
}

/// Passes samples on by their labels, and no more than so many.
private struct LabelFilter: SampleTransform {
  let tokens: TokenRanges?
  let dropped: TokenRanges
  let first: Int?
  /// Samples passed on.
  var memory = 0

  init(tokens: TokenRanges?, dropped: TokenRanges, first: Int?) {
    (self.tokens, self.dropped, self.first) = (tokens, dropped, first)
  }

  mutating func label(_ label: Int32) -> Int32? {
    guard memory < first ?? .max, tokens?.contains(label) ?? true, !dropped.contains(label) else { return nil }
    memory += 1
    return label
  }
}
