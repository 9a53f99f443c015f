import Storage

extension ArrayMatching {
  /// The array with the given name (its path or last component), else the first standard name present, else the only
  /// one that fits. Throws ``StreamError`` if none fits, or several do.
  func one(
    _ what: String, named name: String?, standard: [String] = [], advice: String, fits: (Candidate) -> Bool
  ) throws -> Int {
    if name != nil, let index = find(name, standard) { return index }
    if let unreadable { throw unreadable }
    if let index = find(name, standard) { return index }
    let fitting = candidates.indices.filter { fits(candidates[$0]) }
    if name == nil, fitting.count == 1 { return fitting[0] }
    throw StreamError(
      .badReference, file: file, expected: name.map { "“\($0)”" } ?? what,
      found: candidates.isEmpty ? "no arrays" : "\(fitting.count > 1 ? "several: " : "")\(held)", advice: advice)
  }

  /// The array with the given name, or without one the first standard name present.
  func find(_ name: String?, _ standard: [String]) -> Int? {
    let names = name.map { [$0] } ?? standard
    return names.lazy.compactMap { name in candidates.indices.first { isNamed($0, name) } }.first
  }
}
