import Storage

/// The contents of a file that is not a stream by itself: token ids by position, or features by position.
package struct PositionOverview: Sendable {
  /// What kind of file it is, in words.
  package let container: String
  package let type: String
  /// Whether it holds token ids.
  package let isTokens: Bool
  /// Shape of the array; nil for files without a header.
  package let shape: [Int]?
  package private(set) var positions = 0
  /// Negative ids, which stand for no token, such as -100.
  package private(set) var negative = 0
  private var seen: Set<Int64> = []

  /// Reads all token ids of a file. Throws ``StreamError`` if it holds none.
  ///
  /// - Parameters:
  ///   - width: of its integers, if it has no header.
  ///   - isRaw: whether it has no header, whatever it starts with.
  package init(tokens name: String, width: TokenWidth?, isRaw: Bool = false) throws {
    let file = try TokenFile(name, width: width, isRaw: isRaw, options: ReadOptions())
    isTokens = true
    (container, type, shape) = (file.container, file.integers.type.name, file.shape)
    var some = [Int64](repeating: 0, count: NextTokenLabels.stretch)
    var memory = MemoryBudget.Growing(bytes: 32)
    while true {
      let count = try some.withUnsafeMutableBufferPointer { try file.integers.read(into: $0) }
      if count == 0 { break }
      try Task.checkCancellation()
      positions += count
      negative += some[..<count].count { $0 < 0 }
      seen.formUnion(some[..<count].lazy.filter { $0 >= 0 })
      try memory.check(seen.count, name)
    }
    let found = self
    try file.checkEnd {
      let again = try Self(tokens: name, width: width, isRaw: isRaw)
      return again.positions == found.positions && again.negative == found.negative && again.seen == found.seen
    }
  }

  /// Inspects features by position without reading them. Throws ``StreamError`` if the file holds none.
  package init(features name: String) throws {
    let opened = try PositionArray(PeekedFile(name), named: nil, as: .features(uint16IsBFloat16: false))
    let array = opened.array
    _ = try BatchLayout(file: name).featureType(byPosition: array, ReadOptions())
    isTokens = false
    (container, type, shape) = (opened.container, array.elementType?.name ?? array.typeName, array.shape)
    positions = try opened.positions(array.shape.count - 1).count
  }

  /// Token classes seen.
  package var classes: Int { seen.count }
  /// The smallest and the largest token id; nil without any.
  package var tokenRange: ClosedRange<Int64>? {
    guard let first = seen.min(), let last = seen.max() else { return nil }
    return first...last
  }
}
