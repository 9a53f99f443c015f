import Moments

/// Finds the same content twice among files to merge: its samples would count twice.
struct RepeatedFiles {
  /// Names by checksum.
  private var names: [String: String] = [:]

  /// Throws ``MomentsError`` if a file with that checksum came before.
  mutating func check(_ checksum: String, _ name: String) throws {
    guard let other = names.updateValue(name, forKey: checksum) else { return }
    throw MomentsError(
      .badState, file: name, position: "attribute checksum", expected: "other samples than in \(other)",
      found: name == other ? "the same file again" : "the same samples",
      advice: "name each file once, as samples would count twice")
  }
}
