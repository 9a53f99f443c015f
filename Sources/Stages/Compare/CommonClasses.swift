import Artefacts
import Geometry
import Support

/// The classes that two states have in common and that are selected, from their tokens and counts alone.
struct CommonClasses {
  /// Token ids, ascending.
  let tokens: [Int32]
  /// Whether both states have the same classes with the same counts.
  let areEqual: Bool

  /// - Throws: ``GeometryError`` if there is none.
  init(_ a: StateReader, _ b: StateReader, _ filter: ClassFilter) throws {
    let (one, two) = (try a.tokensAndCounts(), try b.tokensAndCounts())
    areEqual = one.tokens == two.tokens && one.counts == two.counts
    var tokens: [Int32] = []
    var (shared, place) = (0, 0)
    for (token, count) in zip(one.tokens, one.counts) {
      while place < two.tokens.count, two.tokens[place] < token { place += 1 }
      guard place < two.tokens.count, two.tokens[place] == token else { continue }
      shared += 1
      let least = min(count, two.counts[place])
      guard filter.contains(token: token, count: least),
        filter.contains(token: token, count: max(count, two.counts[place]))
      else { continue }
      tokens.append(token)
    }
    self.tokens = tokens
    guard !tokens.isEmpty else {
      throw GeometryError.noCommonClass(
        found: "\(one.tokens.count) classes in \(a.name), \(two.tokens.count) in \(b.name), \(shared) of them in both"
          + (shared > 0 ? ", and none of these is selected" : ""))
    }
  }

  /// The most classes of a group; nil without groups.
  func largestGroup(bands: Int?, type: ((Int32) -> String?)?) -> Int? {
    let band = bands.map { (tokens.count + $0 - 1) / max($0, 1) }
    let ofType = type.flatMap { type in Dictionary(grouping: tokens) { type($0) }.values.map(\.count).max() }
    return [band, ofType].compactMap(\.self).max()
  }
}
