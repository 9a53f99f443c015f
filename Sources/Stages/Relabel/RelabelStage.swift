import Engine
import Formats
import Plan

/// What becomes of tokens for which a map has no class.
enum OtherTokens: String, OptionValue, CaseIterable {
  /// Each is a class of its own, under its token id.
  case keep
  /// Their samples are left out.
  case drop
}

/// `relabel`: a stream's samples under the classes that a file gives their tokens.
///
/// The model's predictions, where the stream carries them, are mapped too. A classifier's rows are those of tokens, so
/// deciding on classes takes the predictions of the stream rather than a classifier.
public struct RelabelStage: StageKind, TransformStage, ForecastingStage {
  public static let name = "relabel"
  public static let summary = "a stream's samples under the classes that a file gives their tokens"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(
      \.classes, "classes", "file of a token id and the id of its class in each line; # starts a comment", .file,
      required: true),
    .init(
      \.others, "others", "tokens that the file does not name: keep them under their own ids, or drop their samples"),
  ]

  var classes: Located<String>?
  var others = OtherTokens.keep

  package init() {}

  package func transform(stage: String) throws -> any SampleTransform {
    LabelMap(classes: try classes.map { try ClassMap($0.value).classes } ?? [:], others: others)
  }

  package func forecast(_ outlook: StageOutlook) throws -> StageForecast { outlook.passingOn }
}

/// Gives samples the classes of their tokens.
private struct LabelMap: SampleTransform {
  let classes: [Int32: Int32]
  let others: OtherTokens

  func pass(_ sample: PassingSample) -> PassingSample? {
    guard let label = classes[sample.label] ?? (others == .keep ? sample.label : nil) else { return nil }
    var sample = sample
    sample.label = label
    return sample
  }

  /// A choice outside of the classes is a wrong one: no sample that is passed on has such a class.
  func prediction(_ prediction: Int32) -> Int32 { classes[prediction] ?? (others == .keep ? prediction : Self.outside) }

  /// Stands for every token that is left out.
  private static let outside = Int32.max - 1
}
