import Moments

/// Finds the same samples twice among files to merge: they would count twice.
struct RepeatedFiles {
  /// Names by the identity of their samples.
  private var names: [String: String] = [:]

  /// Throws ``MomentsError`` if a file of the same samples came before. A file that does not identify them passes.
  mutating func check(_ made: Provenance, _ name: String) throws {
    guard !made.samplesDigest.isEmpty, let other = names.updateValue(name, forKey: made.samplesDigest) else { return }
    throw MomentsError(
      .badState, file: name, position: "attribute samples_digest", expected: "other samples than in \(other)",
      found: name == other ? "the same file again" : "the same samples (\(made.samplesDigest))",
      advice: "name each file once: samples would count twice")
  }
}
