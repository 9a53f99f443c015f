import Formats
import Plan

/// Where sequences end and which of their tokens are labels: the options that `read` and `count` share (``TokenPairing``).
struct PairingOptions: Sendable {
  static let specs = [
    OptionSpec(
      "token-type", "the integers of token files without a header, little-endian: uint16 or uint32",
      .choice(of: TokenWidth.self)),
    OptionSpec(
      "sequence-length", "positions of each sequence, where tokens are 1-d; the last may be shorter", .count()),
    OptionSpec(
      "sequence-offsets",
      "a 1-d array for each file of tokens, as in offsets.npy or docs.h5#offsets: 0, where each other sequence starts, and the number of positions",
      .file, list: true),
    OptionSpec(
      "sequence-lengths", "a 1-d array for each file of tokens: how many positions each sequence has", .file, list: true
    ),
    OptionSpec(
      "end-of-text", "the token id that ends a sequence: it can be a label, and nothing is predicted from it",
      .count(atLeast: 0)),
    OptionSpec(
      "ignore", "token ids that are neither labels nor positions to predict from, as padding and -100", .integer,
      list: true),
    OptionSpec("every-sequence", "k, to take each k-th sequence, the first one first", .count()),
  ]

  let width: TokenWidth?
  let length: Int?
  let offsets: [Located<String>]
  let lengths: [Located<String>]
  let endOfText: Int32?
  let ignored: Set<Int64>
  let every: Int?
  /// The first option of these that was given, but for the token type.
  let given: Located<String>?

  init(decoding decoder: inout OptionDecoder) {
    width = decoder.located("token-type") == nil ? nil : decoder.choice("token-type", TokenWidth.uint16)
    length = decoder.count("sequence-length")
    (offsets, lengths) = (decoder.list("sequence-offsets"), decoder.list("sequence-lengths"))
    endOfText = decoder.tokenID("end-of-text")
    ignored = Set(decoder.integers("ignore"))
    every = decoder.count("every-sequence")
    let places = Self.specs.dropFirst().compactMap { spec in
      decoder.located(spec.name).map { Located(spec.name, $0.place) }
    }
    given = places.first
    let bounds = places.filter { ["sequence-length", "sequence-offsets", "sequence-lengths"].contains($0.value) }
    if bounds.count > 1 {
      decoder.complain(
        bounds[1].place, "expected one of \(bounds.map(\.value).joined(separator: " and ")), found both",
        advice: "say once where sequences end; end-of-text may be said too")
    }
  }

  /// The files of offsets or lengths.
  var files: [Located<String>] { offsets + lengths }

  /// - Parameter tokens: one for each input, or one for all.
  /// Throws ``StreamError`` where a pattern matches nothing.
  func pairing(tokens: [String]) throws -> TokenPairing {
    let bounds: TokenPairing.Bounds =
      if let length {
        .length(length)
      } else if !offsets.isEmpty {
        .offsets(try ArrayFiles.expand(offsets.map(\.value)))
      } else if !lengths.isEmpty {
        .lengths(try ArrayFiles.expand(lengths.map(\.value)))
      } else {
        .unsaid
      }
    return TokenPairing(
      tokens: tokens, width: width, bounds: bounds, endOfText: endOfText, ignored: ignored, every: every ?? 1)
  }

  /// See ``StageKind/recipe``.
  var recipe: [String: String] {
    [
      "token-type": width?.rawValue, "sequence-length": length.map { "\($0)" },
      "sequence-bounds": files.isEmpty ? nil : offsets.isEmpty ? "lengths" : "offsets",
      "end-of-text": endOfText.map { "\($0)" }, "every-sequence": every.map { "\($0)" },
      "ignore": ignored.isEmpty ? nil : ignored.sorted().map { "\($0)" }.joined(separator: " "),
    ].compactMapValues(\.self)
  }
}
