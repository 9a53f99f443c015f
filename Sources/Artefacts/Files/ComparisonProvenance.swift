import Geometry
import Storage
import Support

/// The provenance of a comparison: the identities of both states, and options. File names are not part of it.
package struct ComparisonProvenance {
  package let a: MeasuresProvenance.Source
  package let b: MeasuresProvenance.Source
  package let filter: ClassFilter
  /// How it is known whether the samples are the same, and the basis.
  package let relation: StatesRelation
  /// Further members, on how classes are selected and grouped.
  package var groups: [JSONValue.Member] = []

  package init(
    _ a: MeasuresProvenance.Source, _ b: MeasuresProvenance.Source, _ filter: ClassFilter, _ relation: StatesRelation
  ) {
    (self.a, self.b, self.filter, self.relation) = (a, b, filter, relation)
  }

  /// The layout of the document.
  private static let schema = 2

  /// The member `provenance` of a comparison with this table of classes.
  package func json(of classes: ClassTable) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")), .init("schema", .integer(Self.schema)),
    ]
    for (name, state) in [("a", a), ("b", b)] {
      members.append(.init("\(name)_\(MeasurementsOrigin.samples)", .string(state.made.samplesDigest)))
      if let labels = state.made.labelsDigest { members.append(.init("\(name)_labels_digest", .string(labels))) }
      members.append(.init("\(name)_\(MeasurementsOrigin.state)", .string(state.checksum)))
    }
    members += [
      .init("samples_known_by", .string(relation.samplesKnownBy.rawValue)),
      .init("min_count", .integer(filter.minCount)),
    ]
    if let basis = relation.basisKnownBy { members.append(.init("basis_known_by", .string(basis.rawValue))) }
    if let most = filter.maxCount { members.append(.init("max_count", .integer(most))) }
    return .object(members + groups + [.init(MeasurementsOrigin.classes, .string(classes.digest))])
  }
}
