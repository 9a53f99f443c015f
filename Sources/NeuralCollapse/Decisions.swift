import Artefacts
import Geometry

/// How often the classifier and the nearest class mean agree and are right on unseen samples: the result of a
/// ``Decider``.
///
/// For NC4, pass it to the `measure` method of the same ``CollapseState``.
public struct Decisions: Sendable, Equatable {
  let inner: Geometry.Decisions
  let provenance: DecisionsProvenance
  /// XXH3-128 of the counts and their provenance, also recorded in the file.
  public let checksum: String

  init(_ inner: Geometry.Decisions, _ provenance: DecisionsProvenance) {
    (self.inner, self.provenance, checksum) = (inner, provenance, provenance.checksum(of: inner))
  }

  /// Reads a file of decisions (HDF5) written by this library or `collapse decide`.
  ///
  /// - Throws: ``CollapseError`` of kind `missingFile` or `badFile`.
  public init(reading file: String) throws(CollapseError) {
    let reader = try CollapseError.wrapping { try DecisionsReader(file) }
    (inner, provenance, checksum) = (reader.decisions, reader.provenance, reader.checksum)
  }

  /// Writes the decisions to a file (HDF5) atomically: the same bytes as `collapse decide`.
  ///
  /// - Throws: ``CollapseError`` of kind `cannotWrite`.
  public func save(to file: String) throws(CollapseError) {
    try CollapseError.wrapping { try inner.write(to: file, provenance) }
  }

  /// Number of samples decided.
  public var samples: Int { inner.totals().samples }
  /// Samples for which the classifier and the nearest class mean chose the same token id.
  public var hits: Int { inner.totals().hits }
  /// Samples for which the classifier chose the label.
  public var classifierCorrect: Int { inner.totals().modelCorrect }
  /// Samples for which the nearest class mean is that of the label.
  public var nearestCorrect: Int { inner.totals().nearestCorrect }
  /// ``CollapseState/checksum`` of the state with the class means.
  public var stateChecksum: String { provenance.momentsChecksum }

  /// Throws ``CollapseError`` if another head than the one with this identity made the decisions.
  func check(_ head: String) throws(CollapseError) {
    guard provenance.match(head) == .other else { return }
    throw CollapseError(
      .mismatch, "decisions", expected: "decisions by the classifier that is measured (\(head))",
      found: "decisions by another (\(provenance.headDigest ?? ""))",
      advice: "decide again with this classifier, or measure the one that made the decisions")
  }
}
