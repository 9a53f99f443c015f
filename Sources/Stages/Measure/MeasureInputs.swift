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
  /// The states of the out-of-distribution stream: one, or its parts.
  let outOfDistribution: [StateReader]

  init(_ stage: MeasureStage, outOfDistribution files: [String]) throws {
    list = try stage.tokens.map { try TokenList($0.value) }
    tokenizer = try stage.tokenizer.map { try Tokenizer($0.value) }
    outOfDistribution = try files.map { try StateReader($0) }
  }

  /// μ_OOD and the means of its parts, from states read in runs of classes. Throws `GeometryError` if their dimension
  /// differs from the selection's, or a norm is out of range.
  func outOfDistributionMeans(
    for selection: ClassSelection, _ weighting: GlobalMean
  ) throws -> (whole: OutOfDistributionMean, parts: [OutOfDistributionMean])? {
    let parts = try outOfDistribution.map { state in
      var mean = OutOfDistributionMean(dimension: state.dimension, weighting)
      if state.dimension == selection.dimension { try state.read { mean.add($0) } }
      try ErrorInFile.naming(state.name) { try selection.check(mean) }
      return mean
    }
    guard var whole = parts.first else { return nil }
    for part in parts.dropFirst() { whole.merge(part) }
    return (whole, parts)
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
