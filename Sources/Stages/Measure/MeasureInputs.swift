import Artefacts
import Formats
import Geometry
import Logging
import Moments
import Support
import Vocabulary

/// The inputs of measuring other than moments and classifier: a token list, a tokenizer, and an out-of-distribution
/// state.
struct MeasureInputs {
  /// The tokens to measure, if they are listed.
  let list: TokenList?
  let tokenizer: Tokenizer?
  /// The state of the out-of-distribution stream, if there is one.
  let outOfDistribution: StateReader?

  init(_ stage: MeasureStage, outOfDistribution file: String?) throws {
    list = try stage.tokens.map { try TokenList($0.value) }
    tokenizer = try stage.tokenizer.map { try Tokenizer($0.value) }
    outOfDistribution = try file.map { try StateReader($0) }
  }

  /// μ_OOD, from a state read in runs of classes. Throws `GeometryError` if its dimension differs from the selection's,
  /// or its norm is out of range.
  func outOfDistributionMean(for selection: ClassSelection) throws -> OutOfDistributionMean? {
    guard let state = outOfDistribution else { return nil }
    var mean = OutOfDistributionMean(dimension: state.dimension)
    if state.dimension == selection.dimension { try state.read { mean.add($0) } }
    try ErrorInFile.naming(state.name) { try selection.check(mean) }
    return mean
  }

  /// The groups to measure in addition to all selected classes of the state in `file`.
  func groupings(
    _ stage: MeasureStage, of selection: ClassSelection, _ file: String
  ) throws -> [ClassGrouping] {
    let bands = try ErrorInFile.naming(file) {
      try stage.bands.map { try ClassGrouping.bands($0, of: selection) }
    }
    let types = tokenizer.flatMap { tokenizer in
      stage.types
        ? ClassGrouping.types(TokenType.allCases.map(\.rawValue), of: selection) { tokenizer.type(of: $0)?.rawValue }
        : nil
    }
    return [bands, types].compactMap { $0 }
  }

  /// Logs listed tokens without samples, and classes that the tokenizer does not know.
  func warn(_ name: String, of table: MomentsTable, _ selection: ClassSelection, log: Logger) {
    if let list {
      let unseen = list.tokens.subtracting(table.tokens).count
      if unseen > 0 { log.info("\(name): \(unseen) of the \(list.tokens.count) tokens listed have no samples") }
    }
    if let tokenizer {
      let unknown = selection.tokens.count { tokenizer.type(of: $0) == nil }
      if unknown > 0 {
        log.warning("\(name): the tokenizer has no token for \(unknown) of \(selection.tokens.count) classes")
      }
    }
  }

  /// Provenance, by content, of what selects and groups classes, except their counts.
  func provenance(_ stage: MeasureStage) -> [JSONValue.Member] {
    let members: [JSONValue.Member?] = [
      list.map { .init("tokens_checksum", .string($0.checksum)) },
      stage.bands.map { .init("bands", .integer($0)) },
      stage.types ? .init("types", .boolean(true)) : nil,
      tokenizer.map { .init("tokenizer_checksum", .string($0.checksum)) },
    ]
    return members.compactMap { $0 }
  }
}
