/// The same samples in several files to merge: they count as often.
enum RepeatedSamples {
  /// A warning that names the first two such files, if there are any. Files that do not identify their samples pass.
  static func warnings(_ files: [(name: String, made: Provenance)]) -> [String] {
    var names: [String: String] = [:]
    for (name, made) in files where !made.samplesDigest.isEmpty {
      guard let other = names.updateValue(name, forKey: made.samplesDigest) else { continue }
      let found = name == other ? "\(name) is given twice" : "\(name) has the same samples as \(other)"
      return ["\(found), so they count twice; name each file once"]
    }
    return []
  }
}
