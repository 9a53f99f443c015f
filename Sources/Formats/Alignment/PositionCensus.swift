import Storage

/// What a file holds that is no stream by itself: token ids by position, or features by position.
public struct PositionCensus: Sendable {
  /// What it is, in words.
  public let container: String
  public let type: String
  /// Whether it is token ids.
  public let isTokens: Bool
  /// Of the array; nil of files without a header.
  public let shape: [Int]?
  public private(set) var positions = 0
  /// Ids that are no token, such as -100.
  public private(set) var negative = 0
  private var seen: Set<Int64> = []

  /// Goes through the token ids of a file. Throws ``StreamError`` where it holds none.
  ///
  /// - Parameter width: of its integers, where it has no header.
  public init(tokens name: String, width: TokenWidth?) throws {
    let file = try TokenFile(name, width: width, options: ReadOptions())
    isTokens = true
    (container, type, shape) = (file.container, file.integers.type.name, file.shape)
    var some = [Int64](repeating: 0, count: TokenPairs.stretch)
    while true {
      let count = try some.withUnsafeMutableBufferPointer { try file.integers.read(into: $0) }
      if count == 0 { break }
      try Task.checkCancellation()
      positions += count
      negative += some[..<count].count { $0 < 0 }
      seen.formUnion(some[..<count].lazy.filter { $0 >= 0 })
    }
    try file.checkEnd()
  }

  /// Looks at features by position, of which none is read. Throws ``StreamError`` where the file holds none.
  public init(features name: String) throws {
    let file = try FileBytes(name: name)
    let npy = try NPYArray(file, threads: 1, pool: BufferPool())
    _ = try BatchLayout(file: name).featureType(byPosition: npy, ReadOptions())
    let opened = PositionArray(npy, of: file)
    isTokens = false
    (container, type, shape) = (opened.container, npy.header.type.name, npy.shape)
    positions = try opened.positions(npy.shape.count - 1).count
  }

  /// Token classes seen.
  public var classes: Int { seen.count }
  /// The smallest and the largest token id, where there is any.
  public var tokenRange: ClosedRange<Int64>? {
    guard let first = seen.min(), let last = seen.max() else { return nil }
    return first...last
  }
}
