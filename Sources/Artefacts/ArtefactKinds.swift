import HDF5
import Support

/// The kinds of files that stages pass to each other.
package enum ArtefactKinds {
  /// The contents of a file of each format, for people; throws an error that says how a file is damaged.
  private static let all: [(format: ArtefactFormat, facts: @Sendable (String) throws -> [(String, JSONValue)])] = [
    (StateFormat.file, StateReader.facts),
    (DecisionsFormat.file, DecisionsReader.facts),
  ]

  /// The contents of an artefact; nil if the file is not one.
  package static func facts(of name: String) throws -> [(String, JSONValue)]? {
    guard let format = try HDF5File(ifAny: name)?.attribute("format") else { return nil }
    return try all.first { format == .text($0.format.name) }?.facts(name)
  }
}

extension StateReader {
  /// The moments of token classes.
  @Sendable fileprivate static func facts(of name: String) throws -> [(String, JSONValue)] {
    let state = try StateReader(name)
    let made = state.provenance
    return [
      ("kind", "moments"),
      ("made_by", .string(made.madeBy)),
      ("tool", .string(state.tool)),
      ("samples", .integer(state.samples)),
      ("classes", .integer(state.classes)),
      ("dimension", .integer(state.dimension)),
      ("vocabulary", .integer(made.vocabulary)),
      ("vocabulary_given", .boolean(made.vocabularyWasGiven)),
      ("within", .string(state.within.rawValue)),
      ("features", .array(made.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(made.skipped)),
      ("parts", .integer(made.parts)),
      ("samples_digest", .string(made.samplesDigest)),
      ("checksum", .string(state.checksum)),
    ]
  }
}

extension DecisionsReader {
  /// The choices of the deciders.
  @Sendable fileprivate static func facts(of name: String) throws -> [(String, JSONValue)] {
    let file = try DecisionsReader(name)
    let (provenance, totals) = (file.provenance, file.decisions.totals())
    let made = provenance.made
    return [
      ("kind", "decisions"),
      ("made_by", .string(made.madeBy)),
      ("tool", .string(file.tool)),
      ("samples", .integer(totals.samples)),
      ("hits", .integer(totals.hits)),
      ("model_correct", .integer(totals.modelCorrect)),
      ("ncc_correct", .integer(totals.nearestCorrect)),
      ("both_correct", .integer(totals.bothCorrect)),
      ("classes", .integer(file.decisions.classes.count)),
      ("pairs_of_choices", .integer(file.decisions.confusion.count)),
      ("samples_of_other_pairs", .integer(file.decisions.otherPairs)),
      ("dimension", .integer(provenance.dimension)),
      ("class_means", .integer(provenance.classes)),
      ("vocabulary", .integer(made.vocabulary)),
      ("features", .array(made.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(made.skipped)),
      ("parts", .integer(made.parts)),
      ("samples_digest", .string(made.samplesDigest)),
      ("moments_checksum", .string(provenance.momentsChecksum)),
      ("classifier_checksum", .string(provenance.classifierChecksum)),
      ("head_digest", provenance.headDigest.map { .string($0) } ?? .null),
      ("checksum", .string(file.checksum)),
    ]
  }
}
