import Formats
import Geometry
import Moments
import Plan
import Samples
import Study

extension GlobalMean: OptionValue {}
extension NonfinitePolicy: OptionValue {}
extension ScalarType: OptionValue {}
extension StudyFormat: OptionValue {}
extension TokenWidth: OptionValue {}
extension WithinScatter: OptionValue {}

/// Which arrays of a file of named arrays a stream is.
extension ArrayNames: Settings {
  package static let settings: [Setting<Self>] = [
    .init(
      \.labels, "labels",
      "the dataset or tensor of labels, by name or path; by default labels, or the only 1-d integers"),
    .init(
      \.features, "features",
      "the dataset or tensor of features; by default embeddings, or features, or the only 2-d floats"),
    .init(
      \.predictions, "predictions",
      "the dataset or tensor of predictions; by default predictions, where there are any"),
  ]

  package init() { self.init(labels: nil) }
}

extension Setting {
  /// How wide the token ids of a file without a header are.
  package static func tokenWidth(_ path: WritableKeyPath<Root, TokenWidth?> & Sendable) -> Setting {
    Setting(
      path, "token-type", "the integers of token files without a header, little-endian: uint16 or uint32")
  }
}
