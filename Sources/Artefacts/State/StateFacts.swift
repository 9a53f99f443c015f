import Support

extension StateReader: ArtefactKind {
  static func recognizes(_ start: ArtefactStart) -> Bool { StateFormat.file.recognizes(start.hdf5) }

  /// The moments of token classes.
  var facts: [(String, JSONValue)] {
    [
      ("kind", "moments"),
      ("made_by", .string(provenance.madeBy)),
      ("tool", .string(tool)),
      ("samples", .integer(samples)),
      ("classes", .integer(classes)),
      ("dimension", .integer(dimension)),
      ("vocabulary", .integer(provenance.vocabulary)),
      ("vocabulary_given", .boolean(provenance.vocabularyWasGiven)),
      ("within", .string(within.rawValue)),
      ("features", .array(provenance.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(provenance.skipped)),
      ("parts", .integer(provenance.parts)),
      ("samples_digest", .string(provenance.samplesDigest)),
      ("checksum", .string(checksum)),
    ]
  }
}
