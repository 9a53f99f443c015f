import Embeddings
import Streams

/// Merges decisions in the order given: what was decided of the shards of a stream, as if of the whole.
///
/// Counts add up. Which pairs of choices are kept apart is as for one stream as long as they all find room.
public struct DecisionsMerge {
  private let files: [DecisionsReader]

  /// Reads all files and checks that they belong together.
  ///
  /// Throws ``MomentsError`` where they are of other moments or another classifier.
  public init(_ names: [String]) throws {
    files = try names.map { try DecisionsReader($0) }
    guard let first = files.first else { return }
    for file in files.dropFirst() {
      try Self.check(
        file, "moments_checksum", "\(first.provenance.momentsChecksum), as in \(first.name)",
        file.provenance.momentsChecksum, file.provenance.momentsChecksum == first.provenance.momentsChecksum,
        "decide all shards with the same moments")
      try Self.check(
        file, "classifier_checksum", "\(first.provenance.classifierChecksum), as in \(first.name)",
        file.provenance.classifierChecksum, file.provenance.classifierChecksum == first.provenance.classifierChecksum,
        "decide all shards with the same classifier, or all of them by the predictions they carry")
    }
  }

  private static func check(
    _ file: DecisionsReader, _ attribute: String, _ expected: String, _ found: String, _ isEqual: Bool,
    _ advice: String
  ) throws {
    guard !isEqual else { return }
    throw MomentsError(
      .decisionsMismatch,
      Diagnosis(
        file: file.name, position: "attribute \(attribute)", expected: expected, found: found, advice: advice))
  }

  /// Whether all of these files hold decisions; none of them may where not all do.
  public static func applies(to names: [String]) throws -> Bool {
    let kinds = try names.map { try DecisionsReader.recognizes(HDF5File(reading: $0)) }
    guard let first = kinds.first, let other = kinds.firstIndex(of: !first) else { return kinds.first ?? false }
    throw MomentsError(
      .badState,
      Diagnosis(
        file: names[other], expected: "\(first ? "decisions" : "a state"), like \(names[0])",
        found: first ? "none" : "decisions", advice: "merge states with states, and decisions with decisions"))
  }

  /// All decisions, and what made them.
  public func merged() throws -> (decisions: Decisions, provenance: DecisionsProvenance)? {
    guard let first = files.first else { return nil }
    let all = files.map(\.provenance)
    try StateFormat.checkSum(files.map { $0.decisions.totals().samples }, "samples")
    var (decisions, provenance, digest) = (Decisions(), first.provenance, Checksum())
    for file in files {
      decisions.merge(file.decisions)
      digest.update(file.provenance.samplesDigest)
    }
    provenance.madeBy = "merge"
    provenance.skipped = try StateFormat.checkSum(all.map(\.skipped), "skipped rows")
    provenance.parts = try StateFormat.checkSum(all.map(\.parts), "parts")
    provenance.features = all.flatMap(\.features).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    provenance.samplesDigest = digest.value
    return (decisions, provenance)
  }
}
