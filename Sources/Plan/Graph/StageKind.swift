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
  package var isKeptInAFile: Bool { self == .moments || self == .decisions }
}

/// A kind of stage: what it is called, its options (``Settings``), and what it makes of them. One file each, one line in a
/// ``KindRegistry``.
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
  /// Inputs that are standard input.
  var standardInputs: [Located<String>] { get }
  /// The program that it runs, where the user named one.
  var command: Located<String>? { get }

  /// Files that a stage of the kind may make beside its artefact, for other stages to find.
  static var sideOutputs: [SideOutput] { get }
  /// Where the stage makes a side output, with its artefact in `artefact`; nil where it makes none of that name.
  func sideOutput(_ name: String, beside artefact: String) -> String?
  /// Side outputs of other stages that it takes.
  static var sideInputs: [SideInput] { get }
  /// Files that earlier runs made with the artefact, as the artefact itself says.
  func madeBefore(with artefact: String) -> [String]

  /// How the user wants the stream split into shards.
  var shards: ShardRule? { get }
  /// The kind that merges what shards make, and its option that takes them.
  static var mergedBy: (kind: any StageKind.Type, option: String)? { get }
  /// Splits what the stage reads, in the order of its files. Throws where that cannot be done.
  ///
  /// - Parameter stage: what was written for it.
  func parts(_ rule: ShardRule, of stage: StageDescription) throws -> [ShardPart]
  /// Refuses to pass on a stream that is split, where what it does needs the whole of it.
  func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws

  /// Checks, before anything runs, what can be known of the inputs: that files are there.
  func check(_ problems: inout [Problem])
  /// Checks that everything has a place where the artefact is kept in `artefact`, or nowhere.
  func checkPlaces(_ artefact: String?, _ problems: inout [Problem])
}

extension StageKind {
  package var output: Located<String>? { nil }
  package var writesStandardOutput: Bool { false }
  package var inputFiles: [String] { inputs.map(\.value) }
  package var standardInputs: [Located<String>] { [] }
  package var command: Located<String>? { nil }
  package static var sideOutputs: [SideOutput] { [] }
  package func sideOutput(_ name: String, beside artefact: String) -> String? { nil }
  package static var sideInputs: [SideInput] { [] }
  package func madeBefore(with artefact: String) -> [String] { [] }
  package var shards: ShardRule? { nil }
  package static var mergedBy: (kind: any StageKind.Type, option: String)? { nil }
  package func parts(_ rule: ShardRule, of stage: StageDescription) throws -> [ShardPart] {
    throw Problem(rule.place, "expected a stream that is read", advice: "leave \(rule.option) out")
  }
  package func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws {}
  package func check(_ problems: inout [Problem]) { problems.append(missing: inputs) }
  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {}
}
