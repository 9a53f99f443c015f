import Formats
import Plan

/// Where sequences end and which of their tokens are labels: the options that `read` and `count` share (``TokenPairing``).
struct PairingOptions: Settings {
  static let settings: [Setting<Self>] = [
    .tokenWidth(\.width),
    .init(\.length, "sequence-length", "positions of each sequence, where tokens are 1-d; the last may be shorter"),
    .init(
      \.offsets, "sequence-offsets",
      "a 1-d array for each file of tokens, as in offsets.npy or docs.h5#offsets: 0, where each other sequence starts, and the number of positions",
      .array),
    .init(
      \.lengths, "sequence-lengths", "a 1-d array for each file of tokens: how many positions each sequence has",
      .array),
    .init(
      \.endOfText, "end-of-text",
      "the token id that ends a sequence: it can be a label, and nothing is predicted from it"),
    .init(\.ignored, "ignore", "token ids that are neither labels nor positions to predict from, as padding and -100"),
    .init(\.every, "every-sequence", "k, to take each k-th sequence, the first one first"),
  ]

  private(set) var width: TokenWidth?
  private var length: Int?
  private(set) var offsets: [Located<String>] = []
  private(set) var lengths: [Located<String>] = []
  private var endOfText: Int32?
  private var ignored: Set<Int64> = []
  private var every: Int?
  /// The first option of these that was given, but for the token type.
  private(set) var given: Located<String>?

  init() {}

  mutating func settle(_ decoder: inout OptionDecoder) {
    let places = Self.options.dropFirst().compactMap { spec in
      decoder.located(spec.name).map { Located(spec.name, $0.place) }
    }
    given = places.first
    let bounds = places.filter { ["sequence-length", "sequence-offsets", "sequence-lengths"].contains($0.value) }
    if bounds.count > 1 {
      decoder.complain(
        bounds[1].place, "expected one of \(bounds.map(\.value).joined(separator: " and ")), found both",
        advice: "say once where sequences end; \(bounds[1].place.name("end-of-text")) may be said too")
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
}
