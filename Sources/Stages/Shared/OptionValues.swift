import Deciding
import Formats
import Geometry
import Moments
import Plan
import Samples
import Study

extension ClassifierRows: OptionValue {}
extension GlobalMean: OptionValue {}
extension HeadRows: OptionValue {}
extension NonfinitePolicy: OptionValue {}
extension ScalarType: OptionValue {}
extension ShownRemarks: OptionValue {}
extension StudyFormat: OptionValue {}
extension TokenWidth: OptionValue {}
extension UniformityMeans: OptionValue {}
extension WithinScatter: OptionValue {}

extension SecondMoments: OptionValue {
  /// The default is left out, so that results of releases without this option stay valid.
  package var fingerprint: String? { self == .trace ? nil : rawValue }
}

/// Which arrays of a file are the stream's labels, features and predictions.
extension ArrayNames: Settings {
  package static let settings: [Setting<Self>] = [
    .init(
      \.labels, "labels",
      "the dataset or tensor of labels (next tokens), by name or path; by default labels, targets, next_tokens or y"),
    .init(
      \.features, "features",
      "the dataset or tensor of features; by default embeddings, features, hidden_states, or the only float matrix"),
    .init(
      \.predictions, "predictions",
      "the dataset or tensor of predictions; by default predictions, if it exists"),
  ]

  package init() { self.init(labels: nil) }
}

extension Setting {
  /// How a classifier is stored.
  static func classifierRows(_ path: WritableKeyPath<Root, ClassifierRows?> & Sendable) -> Setting {
    Setting(
      path, "classifier-rows",
      "what the rows of the classifier are: tokens (stored V × d) or features (d × V); by default its shape tells")
  }

  /// How many remarks on measurements are shown.
  static func remarks(_ path: WritableKeyPath<Root, ShownRemarks> & Sendable) -> Setting {
    Setting(
      path, "remarks", "how many remarks on the numbers to show: few (five lines, by default) or all",
      changesResult: false)
  }

  /// The integer type of token files without a header.
  package static func tokenWidth(_ path: WritableKeyPath<Root, TokenWidth?> & Sendable) -> Setting {
    Setting(
      path, "token-type", "integer type of token files without a header (little-endian): uint16 or uint32")
  }

  /// Whether token files have no header, whatever they start with.
  package static func rawTokens(_ path: WritableKeyPath<Root, some OptionValue> & Sendable) -> Setting {
    Setting(
      path, "raw", "read every byte of token files as token ids of token-type, whatever they start with: true or false",
      verb: .help("read every byte of token files as token ids of --token-type, whatever they start with"))
  }
}

extension OptionDecoder {
  /// Reports `raw` without a token type.
  package mutating func checkRaw(_ isRaw: Bool, _ width: TokenWidth?) {
    guard isRaw, width == nil, let raw = located("raw") else { return }
    let place = raw.place
    addProblem(
      place, "\(place.name("raw")) needs \(place.name("token-type")), the type of the integers",
      advice: "add \(place.example("token-type", "uint16"))")
  }
}
