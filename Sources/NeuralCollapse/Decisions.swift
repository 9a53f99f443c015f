import Artefacts
import Geometry

/// How the classifier and the nearest class mean fared on unseen samples; made by a ``Decider``, or read from a file that
/// `collapse decide` wrote.
public struct Decisions: Sendable, Equatable {
  let inner: Geometry.Decisions
  private let provenance: DecisionsProvenance
  /// The checksum of their file.
  public let checksum: String

  init(_ inner: Geometry.Decisions, _ provenance: DecisionsProvenance) {
    (self.inner, self.provenance, checksum) = (inner, provenance, provenance.checksum(of: inner))
  }

  /// Reads a file of decisions.
  ///
  /// - Throws: ``CollapseError`` of kind `missingFile` or `badFile`.
  public init(reading file: String) throws(CollapseError) {
    let reader = try CollapseError.wrapping { try DecisionsReader(file) }
    (inner, provenance, checksum) = (reader.decisions, reader.provenance, reader.checksum)
  }

  /// Writes them to a file (HDF5), whole or not at all: the bytes that `collapse decide` writes.
  ///
  /// - Throws: ``CollapseError`` of kind `cannotWrite`.
  public func save(to file: String) throws(CollapseError) {
    try CollapseError.wrapping { try inner.write(to: file, provenance) }
  }

  /// Samples decided.
  public var samples: Int { inner.totals().samples }
  /// Those on which both chose the same token id.
  public var hits: Int { inner.totals().hits }
  /// Those whose own class the classifier chose.
  public var classifierCorrect: Int { inner.totals().modelCorrect }
  /// Those whose own class has the nearest mean.
  public var nearestCorrect: Int { inner.totals().nearestCorrect }
  /// The checksum of the state whose means were chosen from.
  public var stateChecksum: String { provenance.momentsChecksum }
}
