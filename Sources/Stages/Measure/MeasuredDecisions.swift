import Artefacts
import Geometry

/// The decisions to measure: those of a file, or of several for parts of the unseen samples.
struct MeasuredDecisions {
  let name: String
  let decisions: Decisions
  let provenance: DecisionsProvenance
  let checksum: String
  /// Those of each file.
  let parts: [Decisions]
  /// Doubts about whether the files belong together.
  let warnings: [String]

  /// Nil without files.
  init?(_ files: [String]) throws {
    guard let first = files.first else { return nil }
    if files.count == 1 {
      let file = try DecisionsReader(first)
      (name, decisions, provenance, checksum) = (first, file.decisions, file.provenance, file.checksum)
      (parts, warnings) = ([decisions], [])
      return
    }
    var parts: [Decisions] = []
    guard
      let merged = try DecisionsMerge.merge(
        files, checkpoint: { _ in try Task.checkCancellation() },
        part: { parts.append(Decisions(classes: $0.classes, confusion: [:], otherPairs: 0)) })
    else { return nil }
    (decisions, provenance, warnings) = merged
    (self.parts, name) = (parts, "\(first) and \(files.count - 1) more")
    checksum = DecisionsMerge.checksum(decisions, provenance)
  }
}
