import Geometry
import HDF5
import Moments
import Support

/// Merges the decisions of the shards of a stream, in the order given, into those of the whole stream.
///
/// Counts add up in any grouping; see ``StateMerge`` for the groupings that give the same bytes. The pairs of choices
/// kept separately are those of one stream, as long as they all fit.
package enum DecisionsMerge {
  /// Merges files one at a time. Calls `checkpoint` after each with the number merged; it may throw to stop. Calls
  /// `part` with the decisions of each.
  ///
  /// Throws ``MomentsError`` if the files have different moments or classifiers.
  package static func merge(
    _ names: [String], checkpoint: (Int) throws -> Void = { _ in }, part: (Decisions) -> Void = { _ in }
  ) throws -> (decisions: Decisions, provenance: DecisionsProvenance, warnings: [String])? {
    guard let name = names.first else { return nil }
    let first = try DecisionsReader(name)
    var (decisions, provenance, made) = (first.decisions, first.provenance, [first.provenance.made])
    var (skipped, parts) = (made[0].skipped, made[0].parts)
    part(decisions)
    try checkpoint(1)
    for (index, name) in names.enumerated().dropFirst() {
      let file = try DecisionsReader(name)
      try checkBelongs(file, to: first)
      provenance.headDigest = provenance.headDigest ?? file.provenance.headDigest
      made.append(file.provenance.made)
      try ErrorInFile.naming(name) {
        try ArtefactFormat.checkSum(
          [file.decisions.totals().samples], from: decisions.totals().samples, "samples")
        skipped = try ArtefactFormat.checkSum([made[index].skipped], from: skipped, "skipped rows")
        parts = try ArtefactFormat.checkSum([made[index].parts], from: parts, "parts")
      }
      decisions.merge(file.decisions)
      part(file.decisions)
      try checkpoint(index + 1)
    }
    provenance.made = Provenance(merging: made)
    return (decisions, provenance, RepeatedSamples.warnings(Array(zip(names, made))))
  }

  /// The checksum that a file of these decisions records.
  package static func checksum(_ decisions: Decisions, _ provenance: DecisionsProvenance) -> String {
    DecisionsColumns(decisions).checksum(provenance.attributes(decisions))
  }

  /// The most bytes that merging files takes: the counts of all, and one file that is being read.
  package static func memory(of names: [String]) throws -> Int {
    let each = try names.map { try DecisionsReader.memory(of: $0) }
    let all = each.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max / 4 : min($0 + $1, .max / 4) }
    return min(all, (each.max() ?? 0) + DecisionsReader.pairBytes * Decisions.pairLimit) + (each.max() ?? 0)
  }

  private static func checkBelongs(_ file: DecisionsReader, to first: DecisionsReader) throws {
    let (made, expected) = (file.provenance, first.provenance)
    for (attribute, found, wanted, advice) in [
      ("moments_checksum", made.momentsChecksum, expected.momentsChecksum, "decide all shards with the same moments"),
      (
        "classifier_checksum", made.classifierChecksum, expected.classifierChecksum,
        "decide all shards with the same classifier, or all by the predictions in their streams"
      ),
      (
        "head_rows", made.headRows.rawValue, expected.headRows.rawValue,
        "decide all shards with the same rows of the classifier"
      ),
    ] where found != wanted {
      throw MomentsError(
        .decisionsMismatch, file: file.name, position: "attribute \(attribute)",
        expected: "\(wanted), as in \(first.name)", found: found, advice: advice)
    }
  }

  /// Whether all these files hold decisions. Throws ``MomentsError`` if only some do.
  package static func applies(to names: [String]) throws -> Bool {
    let kinds = try names.map { try DecisionsFormat.file.recognizes(HDF5File(reading: $0)) }
    guard let first = kinds.first, let other = kinds.firstIndex(of: !first) else { return kinds.first ?? false }
    throw MomentsError(
      .badState, file: names[other], expected: "\(first ? "decisions" : "a state"), like \(names[0])",
      found: first ? "no decisions" : "decisions", advice: "merge states with states, and decisions with decisions")
  }
}
