import Storage
import Support

extension StateReader: ArtefactKind {
  /// Files of states.
  package static let own = StateFormat.file.own

  static func recognizes(_ start: ArtefactStart) -> Bool { StateFormat.file.recognizes(start.hdf5) }

  convenience init(inspecting name: String) throws { try self.init(name, mayBeEmpty: true) }

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
      ("moments", .string(moments.rawValue)),
      ("features", .array(provenance.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(provenance.skipped)),
      ("parts", .integer(provenance.parts)),
      ("samples_digest", .string(provenance.samplesDigest)),
      ("labels_digest", provenance.labelsDigest.map { .string($0) } ?? .null),
      ("checksum", .string(checksum)),
    ] + (provenance.part.map(Self.facts) ?? provenance.stream.map { [("stream_digest", .string($0))] } ?? [])
  }

  private static func facts(of part: PartOfStream) -> [(String, JSONValue)] {
    [("part", .integer(part.numbers.lowerBound))]
      + (part.numbers.count > 1 ? [("part_last", .integer(part.numbers.upperBound))] : []) + [
        ("part_of", .integer(part.count)), ("part_rule", .string(part.rule)), ("stream_digest", .string(part.stream)),
      ]
  }
}
