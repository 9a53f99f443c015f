import Formats
import Storage
import Support

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

/// Arrays in files, by file or pattern and, after `#`, a name in the file.
enum ArrayFiles {
  /// Expands patterns, as ``InputFiles`` does.
  static func expand(_ arguments: [String]) throws -> [String] {
    try arguments.flatMap { argument in
      let reference = TensorReference(argument)
      let files = try InputFiles.expand([reference.file])
      return files.map { file in reference.tensor.map { "\(file)#\($0)" } ?? file }
    }
  }

  /// Checks that files are there, and as many as there are inputs.
  ///
  /// - Parameters:
  ///   - what: inputs are, in words.
  ///   - isOneEnough: whether one may be for all inputs.
  static func check(
    _ values: [Located<String>], inputs: Int?, of what: String = "input(s)", isOneEnough: Bool = false,
    _ problems: inout [Problem]
  ) {
    var count = 0
    for value in values {
      do {
        count += try expand([value.value]).count
      } catch let error as any DiagnosedError {
        problems.append(Problem(value.place, error))
        return
      } catch {}
    }
    if let place = values.first?.place, let inputs, count != inputs, count != 1 || !isOneEnough {
      problems.append(
        Problem(
          place,
          "expected a file for each of \(inputs) \(what)\(isOneEnough && inputs > 1 ? ", or one for all" : ""), found \(count)",
          advice: "name as many, in their order"))
    }
  }
}
