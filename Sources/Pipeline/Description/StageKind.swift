/// What a stage makes, and so what may refer to it.
public enum Product: String, Sendable {
  /// Labelled rows, flowing; referred to by `from`.
  case stream
  /// A state file.
  case moments
  /// A file of what two deciders chose.
  case decisions
  /// Measurements.
  case measures
  /// Measurements of several, as a table.
  case table
  /// What holds across the models of a table.
  case study
  /// An embedding stream in a file.
  case samples
  /// How often each class occurs.
  case counts
  /// What people look at.
  case report

  /// In words, with an article.
  var phrase: String {
    switch self {
    case .stream: "a stream"
    case .moments: "moments"
    case .decisions: "decisions"
    case .measures: "measurements"
    case .table: "a table"
    case .study: "a study"
    case .samples: "a file of samples"
    case .counts: "counts of classes"
    case .report: "a report"
    }
  }
}

extension Product {
  /// Whether it is a file that other stages read, and so has to be somewhere while they run.
  var isKeptInAFile: Bool { self == .moments || self == .decisions }
}

/// A kind of stage: what it is called, its options (``Settings``), and what it makes of them. One file each, one line in ``StageKinds``.
package protocol StageKind: Settings {
  static var name: String { get }
  /// One line, for lists of kinds.
  static var summary: String { get }
  static var product: Product { get }
  /// The ending of the file the stage makes, where it makes one.
  static var fileExtension: String? { get }

  /// Where the user wants the artefact.
  var output: Located<String>? { get }
  /// Whether its artefact goes to standard output instead of a file.
  var writesStandardOutput: Bool { get }
  /// Files the stage reads besides those that a ``OptionType/reference(_:orFile:)`` names.
  var inputFiles: [String] { get }
  /// Files the user told the stage to write, the artefact's among them.
  var outputs: [Located<String>] { get }
  /// Files the stage writes beside its artefact under names that follow from the artefact's.
  func companions(of artefact: String) -> [String]
  /// Checks, before anything runs, what can be known of the inputs: that files are there.
  func check(_ problems: inout [Problem])
  /// Checks that everything has a place where the artefact is kept in `artefact`, or nowhere.
  func checkPlaces(_ artefact: String?, _ problems: inout [Problem])
}

extension StageKind {
  package var output: Located<String>? { nil }
  package var writesStandardOutput: Bool { false }
  package var inputFiles: [String] { inputs.map(\.value) }
  package func companions(of artefact: String) -> [String] { [] }
  package func check(_ problems: inout [Problem]) { problems.append(missing: inputs) }
  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {}
}

/// Every kind of stage.
public enum StageKinds {
  package static let all: [any StageKind.Type] = [
    ReadStage.self,
    FilterStage.self,
    RelabelStage.self,
    AccumulateStage.self,
    MergeStage.self,
    DecideStage.self,
    MergeDecisionsStage.self,
    MeasureStage.self,
    WriteStage.self,
    CountStage.self,
    CollectStage.self,
    StudyStage.self,
    ReportStage.self,
  ]

  static func named(_ name: String) -> (any StageKind.Type)? { all.first { $0.name == name } }
}
