import Storage

extension ArrayMatching {
  /// The array with the given name (its path or last component), else the one with a standard name, else the only one
  /// that fits. Throws ``StreamError`` if none fits, or several do.
  func one(
    _ what: String, named name: String?, standard: [String] = [], advice: String, fits: (Candidate) -> Bool
  ) throws -> Int {
    func fitting(_ indices: [Int]) -> [Int] { indices.filter { fits(candidates[$0]) } }
    func error(_ several: [Int]) -> StreamError {
      StreamError(
        .badReference, file: file, expected: name.map { "“\($0)”" } ?? what,
        found: candidates.isEmpty
          ? "no arrays"
          : several.count > 1
            ? "several: \(several.prefix(12).map { candidates[$0].words }.joined(separator: ", "))" : held,
        advice: advice)
    }
    if let name {
      if let path = whole(name) { return path }
      let named = distinct(candidates.indices.filter { isNamed($0, name) })
      if let only = Self.only(named) ?? Self.only(fitting(named)) { return only }
      throw named.isEmpty ? unreadable ?? error([]) : error(named)
    }
    if let unreadable { throw unreadable }
    let usual = distinct(candidates.indices.filter { isUsual($0, standard) })
    if let only = Self.only(fitting(usual)) { return only }
    if fitting(usual).count > 1 { throw error(usual) }
    let others = distinct(fitting(Array(candidates.indices)))
    guard let only = Self.only(others) ?? (others.isEmpty ? Self.only(usual) : nil) else { throw error(others) }
    return only
  }

  private static func only(_ indices: [Int]) -> Int? { indices.count == 1 ? indices[0] : nil }

  /// The predictions that belong to some features: the named array, else `predictions`. They are in the group of the
  /// features, or the only ones of the file. Nil if there are none, or several elsewhere.
  func predictions(named name: String?, beside features: Int) -> Int? {
    if let path = whole(name) { return path }
    let named = candidates.indices.filter { isNamed($0, name ?? UsualNames.predictions[0]) }
    return named.first { areTogether($0, features) } ?? Self.only(distinct(named))
  }
}
