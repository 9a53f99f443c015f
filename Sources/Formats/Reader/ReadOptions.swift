/// What to do with a row that holds a NaN or an infinite feature.
package enum NonfinitePolicy: String, Sendable, CaseIterable {
  /// Stop, and name the first such row.
  case error
  /// Leave such rows out, and count them.
  case skip
}

/// Options for reading an embedding stream.
package struct ReadOptions: Sendable, Equatable {
  package var nonfinite: NonfinitePolicy
  /// Whether uint16 features are the bits of bfloat16.
  package var uint16IsBFloat16: Bool
  /// Which arrays to read from a file that names its arrays.
  package var arrays: ArrayNames
  /// Where the tokens are for features without labels; each feature is labelled with its next token.
  package var alignment: TokenAlignment?
  /// The rows to read, counted over all inputs; nil reads all rows.
  package var rows: Range<Int>?
  /// Threads for decompression; what is read does not depend on them.
  package var threads: Int
  /// Whether the consumer of the blocks rejects rows that are not finite (``EmbeddingReader/nonfinite(_:in:)``). The
  /// reader then need not look for them when they are an error.
  package var leavesFinitenessToConsumers = false
  /// The folder for what is set aside, such as the labels of a large batch; nil for `TMPDIR`.
  package var scratch: String?

  package init(
    nonfinite: NonfinitePolicy = .error, uint16IsBFloat16: Bool = false, arrays: ArrayNames = ArrayNames(),
    alignment: TokenAlignment? = nil, rows: Range<Int>? = nil, threads: Int = 1
  ) {
    (self.alignment, self.rows, self.arrays, self.nonfinite) = (alignment, rows, arrays, nonfinite)
    self.uint16IsBFloat16 = uint16IsBFloat16
    self.threads = max(threads, 1)
  }
}
