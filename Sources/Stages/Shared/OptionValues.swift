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

/// Which arrays of a file are the stream's labels, features and predictions.
extension ArrayNames: Settings {
  package static let settings: [Setting<Self>] = [
    .init(
      \.labels, "labels",
      "the dataset or tensor of labels, by name or path; by default labels, or the only 1-d integer array"),
    .init(
      \.features, "features",
      "the dataset or tensor of features; by default embeddings, or features, or the only 2-d float array"),
    .init(
      \.predictions, "predictions",
      "the dataset or tensor of predictions; by default predictions, if it exists"),
  ]

  package init() { self.init(labels: nil) }
}

extension Setting {
  /// The integer type of token files without a header.
  package static func tokenWidth(_ path: WritableKeyPath<Root, TokenWidth?> & Sendable) -> Setting {
    Setting(
      path, "token-type", "integer type of token files without a header (little-endian): uint16 or uint32")
  }
}
