import Formats
import Plan

/// Where sequences end and which tokens are labels: the options that `read` and `count` share (``TokenAlignment``).
struct AlignmentOptions: Settings {
  static let settings: [Setting<Self>] = [
    .tokenWidth(\.width),
    .rawTokens(\.raw),
    .init(\.length, "sequence-length", "positions per sequence, for 1-d tokens; the last sequence may be shorter"),
    .init(
      \.offsets, "sequence-offsets",
      "one 1-d array per token file, as in offsets.npy or docs.h5#offsets: the start of each sequence, from 0, then the number of positions",
      .array),
    .init(
      \.lengths, "sequence-lengths", "one 1-d array per token file: the number of positions of each sequence",
      .array),
    .init(
      \.endOfText, "end-of-text",
      "the token id that ends a sequence; it can be a label, but nothing is predicted from it"),
    .init(\.ignored, "ignore", "token ids that are neither labels nor predicted from, such as padding and -100"),
    .init(\.every, "every-sequence", "k: take every k-th sequence, starting with the first"),
  ]

  private(set) var width: TokenWidth?
  private var raw: Bool?
  var isRaw: Bool { raw ?? false }
  private var length: Int?
  private(set) var offsets: [Located<String>] = []
  private(set) var lengths: [Located<String>] = []
  private var endOfText: Int32?
  private var ignored: Set<Int64> = []
  private var every: Int?
  /// The first of these options that was given, except those about files without a header.
  private(set) var given: Located<String>?

  init() {}

  mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    decoder.checkRaw(isRaw, width)
    let places = Self.options.dropFirst(2).compactMap { spec in
      decoder.located(spec.name).map { Located(spec.name, $0.place) }
    }
    given = places.first
    let bounds = places.filter { ["sequence-length", "sequence-offsets", "sequence-lengths"].contains($0.value) }
    if bounds.count > 1 {
      decoder.addProblem(
        bounds[1].place, "expected one of \(bounds.map(\.value).joined(separator: " and ")), found both",
        advice: "leave one of them out; \(bounds[1].place.name("end-of-text")) may be given too")
    }
  }

  /// The files of offsets or lengths.
  var files: [Located<String>] { offsets + lengths }

  /// Throws ``StreamError`` if a pattern matches nothing.
  ///
  /// - Parameter tokens: one file per input, or one for all.
  func alignment(tokens: [String]) throws -> TokenAlignment {
    let bounds: TokenAlignment.Bounds =
      if let length {
        .length(length)
      } else if !offsets.isEmpty {
        .offsets(try ArrayFiles.expand(offsets.map(\.value)))
      } else if !lengths.isEmpty {
        .lengths(try ArrayFiles.expand(lengths.map(\.value)))
      } else {
        .unspecified
      }
    return TokenAlignment(
      tokens: tokens, width: width, isRaw: isRaw, bounds: bounds, endOfText: endOfText, ignored: ignored,
      every: every ?? 1)
  }
}
