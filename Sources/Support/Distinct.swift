extension Sequence where Element: Hashable {
  /// Each element once, in order of first occurrence.
  package func distinct() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
