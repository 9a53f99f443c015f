/// What to do with a row that holds a NaN or an infinite feature.
public enum NonfinitePolicy: String, Sendable, CaseIterable {
  /// Stop, and name the first such row.
  case error
  /// Leave such rows out, and count them.
  case skip
}

/// How an embedding stream is read.
public struct ReadOptions: Sendable, Equatable {
  public var nonfinite: NonfinitePolicy
  /// Whether uint16 features are the bits of bfloat16.
  public var uint16IsBFloat16: Bool
  /// Which arrays of a file of named arrays are read.
  public var arrays: ArrayNames
  /// Where the tokens are, of which the next ones label features that carry no labels.
  public var pairing: TokenPairing?
  /// Rows of all inputs together to read, and no others; nil where all are.
  public var rows: Range<Int>?
  /// Threads that decompress; what is read does not depend on it.
  public var threads: Int
  /// Whether whoever takes the blocks refuses rows that are not finite (``EmbeddingReader/nonfinite(_:in:)``), so that the
  /// reader need not look for them where they are an error.
  public var leavesFinitenessToConsumers = false

  public init(
    nonfinite: NonfinitePolicy = .error, uint16IsBFloat16: Bool = false, arrays: ArrayNames = ArrayNames(),
    pairing: TokenPairing? = nil, rows: Range<Int>? = nil, threads: Int = 1
  ) {
    (self.pairing, self.rows, self.arrays, self.nonfinite) = (pairing, rows, arrays, nonfinite)
    self.uint16IsBFloat16 = uint16IsBFloat16
    self.threads = max(threads, 1)
  }
}
