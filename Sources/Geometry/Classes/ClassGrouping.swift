import Support

/// The selected classes in groups that are measured separately: by frequency or by token type.
package struct ClassGrouping: Sendable, Equatable {
  /// Some of the selected classes.
  package struct Group: Sendable, Equatable {
    /// Its label in results.
    package let label: JSONValue
    /// Token ids, ascending.
    package let tokens: [Int32]
  }

  /// How the classes are grouped.
  package enum Kind: String, CaseIterable, Sendable {
    /// By frequency.
    case bands
    /// By token type.
    case types

    /// The key of a group's label in results: `band`.
    package var label: String { String(rawValue.dropLast()) }
  }

  /// Its raw value is the key of the list of groups in results.
  package let kind: Kind
  package let groups: [Group]
}

extension ClassGrouping {
  /// Frequency bands: the K selected classes, sorted by (n_c, token) ascending and cut into `count` parts whose sizes
  /// differ by at most one. Band i, from 1, holds classes ⌊(i−1)K/B⌋ ..< ⌊iK/B⌋ in that order; band 1 is the rarest.
  ///
  /// Throws ``GeometryError`` if there are fewer classes than bands.
  ///
  /// - Precondition: `count` is at least 1.
  package static func bands(_ count: Int, of selection: ClassSelection) throws -> ClassGrouping {
    try bands(count, of: selection.tokens, counts: selection.rows.map { selection.table.counts[$0] })
  }

  /// The same for classes by their tokens, ascending, and their samples.
  static func bands(_ count: Int, of tokens: [Int32], counts: [Int]) throws -> ClassGrouping {
    let classes = tokens.count
    guard count <= classes else { throw GeometryError.tooManyBands(bands: count, classes: classes) }
    let rare = tokens.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    let groups = (0..<count).map { band in
      let rows = rare[start(of: band, of: count, classes)..<start(of: band + 1, of: count, classes)]
      return Group(label: .integer(band + 1), tokens: rows.sorted().map { tokens[$0] })
    }
    return ClassGrouping(kind: .bands, groups: groups)
  }

  /// ⌊iK/B⌋, without a product that overflows.
  private static func start(of band: Int, of count: Int, _ classes: Int) -> Int {
    let (product, quotient) = (band.multipliedFullWidth(by: classes), count)
    return quotient.dividingFullWidth(product).quotient
  }

  /// Token types: the selected classes by the `type` of their tokens, in the order of `types`. Types without classes
  /// and classes without a type are left out.
  package static func types(
    _ types: [String], of selection: ClassSelection, _ type: (_ token: Int32) -> String?
  ) -> ClassGrouping {
    self.types(types, of: selection.tokens, type)
  }

  /// The same for classes by their tokens, ascending.
  package static func types(
    _ types: [String], of tokens: [Int32], _ type: (_ token: Int32) -> String?
  ) -> ClassGrouping {
    let tokens = Dictionary(grouping: tokens) { type($0) }
    let groups = types.compactMap { name in tokens[name].map { Group(label: .string(name), tokens: $0) } }
    return ClassGrouping(kind: .types, groups: groups)
  }
}
