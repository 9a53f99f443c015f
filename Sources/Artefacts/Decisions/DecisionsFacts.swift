import Storage
import Support

extension DecisionsReader: ArtefactKind {
  /// Files of decisions.
  package static let own = DecisionsFormat.file.own

  static func recognizes(_ start: ArtefactStart) -> Bool { DecisionsFormat.file.recognizes(start.hdf5) }

  /// The choices of the deciders.
  var facts: [(String, JSONValue)] {
    let totals = decisions.totals()
    let made = provenance.made
    return [
      ("kind", "decisions"),
      ("made_by", .string(made.madeBy)),
      ("tool", .string(tool)),
      ("samples", .integer(totals.samples)),
      ("hits", .integer(totals.hits)),
      ("model_correct", .integer(totals.modelCorrect)),
      ("ncc_correct", .integer(totals.nearestCorrect)),
      ("both_correct", .integer(totals.bothCorrect)),
      ("classes", .integer(decisions.classes.count)),
      ("pairs_of_choices", .integer(decisions.confusion.count)),
      ("samples_of_other_pairs", .integer(decisions.otherPairs)),
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
      ("head_rows", .string(provenance.headRows.rawValue)),
      ("checksum", .string(checksum)),
    ]
  }
}
