import Engine
import Formats
import Plan
import Vocabulary

/// What happens to tokens that a map gives no class.
enum UnmappedTokens: String, OptionValue, CaseIterable {
  /// Each is its own class, under its token id.
  case keep
  /// Their samples are left out.
  case drop
}

/// `relabel`: a stream's samples, relabelled with the classes that a file gives their tokens.
///
/// The model's predictions, if the stream carries them, are mapped too. A classifier has one row per token, so deciding
/// on classes needs the stream's predictions instead of a classifier.
package struct RelabelStage: StageKind, TransformStage, ForecastingStage {
  package static let name = "relabel"
  package static let summary = "a stream's samples, relabelled with the classes that a file gives their tokens"
  package static let product = Product.stream
  package static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(
      \.classes, "classes", "file with a token id and the id of its class on each line; # starts a comment", .file,
      required: true),
    .init(
      \.others, "others", "tokens missing from the file: keep them under their own ids, or drop their samples"),
  ]

  var classes: Located<String>?
  var others = UnmappedTokens.keep

  package init() {}

  package func transform(stage: String) throws -> any SampleTransform {
    LabelMap(classes: try classes.map { try ClassMap($0.value).classes } ?? [:], others: others)
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast { outlook.passingOn }
}

/// Gives samples the classes of their tokens.
private struct LabelMap: SampleTransform {
  let classes: [Int32: Int32]
  let others: UnmappedTokens

  func pass(_ sample: SampleInFlight) -> SampleInFlight? {
    guard let label = classes[sample.label] ?? (others == .keep ? sample.label : nil) else { return nil }
    var sample = sample
    sample.label = label
    return sample
  }

  /// A predicted token without a class is always wrong: no sample that is passed on has such a class.
  func prediction(_ prediction: Int32) -> Int32 { classes[prediction] ?? (others == .keep ? prediction : Self.outside) }

  /// Stands for every token without a class.
  private static let outside = Int32.max - 1
}
