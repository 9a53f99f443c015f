import Storage

/// What a stage makes, which decides what may refer to it.
package enum Product: String, Sendable {
  /// A stream of labelled rows; referred to by `from`.
  case stream
  /// A state file.
  case moments
  /// A file with the choices of two deciders.
  case decisions
  /// Measurements.
  case measures
  /// Measurements of several models, as a table.
  case table
  /// Results across the models of a table.
  case study
  /// Two states compared.
  case comparison
  /// An embedding stream in a file.
  case samples
  /// How often each class occurs.
  case counts
  /// A report for people.
  case report

  /// With an article, for messages.
  var phrase: String {
    switch self {
    case .stream: "a stream"
    case .moments: "moments"
    case .decisions: "decisions"
    case .measures: "measurements"
    case .table: "a table"
    case .study: "a study"
    case .comparison: "a comparison of two states"
    case .samples: "a file of samples"
    case .counts: "counts of classes"
    case .report: "a report"
    }
  }
}

extension Product {
  /// Whether other stages read it as a file, so that it needs a place during the run.
  package var isKeptInAFile: Bool { self == .moments || self == .decisions }
}

/// A kind of stage: its name, its options (``Settings``), and what it makes. Each has one file and one line in a
/// ``KindRegistry``.
package protocol StageKind: Settings {
  static var name: String { get }
  /// One line, for lists of kinds.
  static var summary: String { get }
  static var product: Product { get }
  /// The extension of the artefact's file, if the kind makes one.
  static var fileExtension: String? { get }

  /// Where the user wants the artefact, if given.
  var output: Located<String>? { get }
  /// Whether the artefact goes to standard output instead of a file.
  var writesStandardOutput: Bool { get }
  /// Files the stage reads, apart from those named by a ``OptionType/reference(_:orFile:)``.
  var inputFiles: [String] { get }
  /// Files the user asked for, including the artefact's.
  var outputs: [Located<String>] { get }
  /// Inputs that name standard input.
  var standardInputs: [Located<String>] { get }
  /// The program it runs, if the user named one.
  var command: Located<String>? { get }
  /// The memory that the user gave it, in bytes.
  var memory: Int? { get }
  /// The folder that the user gave it for data that does not fit in memory.
  var scratch: Located<String>? { get }

  /// Files that the kind may write beside its artefact, for other stages to find.
  static var sideOutputs: [SideOutput] { get }
  /// Where the stage writes a side output if its artefact is `artefact`; nil if it writes no such file.
  func sideOutput(_ name: String, beside artefact: String) -> String?
  /// Side outputs that it takes from other stages.
  static var sideInputs: [SideInput] { get }
  /// Files that earlier runs wrote along with the artefact, as recorded in it.
  func madeBefore(with artefact: String) -> [String]

  /// The kinds of files that it writes, and how it knows those that it wrote. Others are not replaced.
  static var writes: [OwnFile] { get }
  /// Other folders in which it writes files of its artefact, temporary ones too.
  func folders(beside artefact: String) -> [String]

  /// The file that stands for the artefact if the user, or its default, names `file`. Its checkpoint and record lie
  /// beside it.
  func artefact(named file: String) -> String
  /// All files of the artefact, in order, given the one that stands for it.
  func artefactFiles(_ artefact: String) -> [String]
  /// Whether the artefact is several states, which in a pipeline file are merged by ``mergedBy``.
  var makesParts: Bool { get }

  /// How the user wants the stream split, if at all.
  var shards: ShardRule? { get }
  /// The kind that merges the results of shards and parts, and the option that names them.
  static var mergedBy: (kind: any StageKind.Type, option: String)? { get }
  /// The option that names what it merges, if it makes one artefact of the same kind from several.
  static var merges: String? { get }
  /// The references that it takes apart: where they name a merge, it takes what that merges.
  var takesApart: Set<String> { get }
  /// Checks how many artefacts its references name, by option, once stages are split.
  func checkReferences(_ counts: [String: Int], _ problems: inout [Problem])
  /// Splits the stage's input in file order. Throws if it cannot be split.
  ///
  /// - Parameter stage: the stage as written.
  func parts(_ rule: ShardRule, of stage: StageDescription) throws -> [ShardPart]
  /// Throws if the stage cannot pass on a split stream because it needs the whole of it.
  func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws

  /// Checks the inputs before anything runs, for example that files exist.
  func check(_ problems: inout [Problem])
  /// Checks that every output has a place, given the artefact's file, or nil if it has none.
  func checkPlaces(_ artefact: String?, _ problems: inout [Problem])
}

extension StageKind {
  package var output: Located<String>? { nil }
  package var writesStandardOutput: Bool { false }
  package var inputFiles: [String] { inputs.map(\.value) }
  package var standardInputs: [Located<String>] { [] }
  package var command: Located<String>? { nil }
  package var memory: Int? { nil }
  package var scratch: Located<String>? { nil }
  package static var sideOutputs: [SideOutput] { [] }
  package func sideOutput(_ name: String, beside artefact: String) -> String? { nil }
  package static var sideInputs: [SideInput] { [] }
  package func madeBefore(with artefact: String) -> [String] { [] }
  package static var writes: [OwnFile] { [] }
  package func folders(beside artefact: String) -> [String] { [] }
  package func artefact(named file: String) -> String { file }
  package func artefactFiles(_ artefact: String) -> [String] { [artefact] }
  package var makesParts: Bool { false }
  package var shards: ShardRule? { nil }
  package static var mergedBy: (kind: any StageKind.Type, option: String)? { nil }
  package static var merges: String? { nil }
  package var takesApart: Set<String> { [] }
  package func checkReferences(_ counts: [String: Int], _ problems: inout [Problem]) {}
  package func parts(_ rule: ShardRule, of stage: StageDescription) throws -> [ShardPart] {
    throw Problem(rule.place, "expected a stream to split", advice: "omit \(rule.option)")
  }
  package func checkSplit(_ rule: ShardRule, of stage: StageDescription) throws {}
  package func check(_ problems: inout [Problem]) { problems.append(missing: inputs) }
  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {}
}
