/// What to do with a row that holds a NaN or an infinite feature.
public enum NonfinitePolicy: String, Sendable, CaseIterable {
  /// Stop, and name the first such row.
  case error
  /// Leave such rows out, and count them.
  case skip
}

/// How an embedding stream is read.
public struct ReadOptions: Sendable, Equatable {
  /// V, where it is known: a label must be below it.
  public var vocabulary: Int?
  public var nonfinite: NonfinitePolicy
  /// Whether uint16 features are the bits of bfloat16.
  public var uint16IsBFloat16: Bool

  public init(vocabulary: Int? = nil, nonfinite: NonfinitePolicy = .error, uint16IsBFloat16: Bool = false) {
    self.vocabulary = vocabulary
    self.nonfinite = nonfinite
    self.uint16IsBFloat16 = uint16IsBFloat16
  }

  /// Token ids must be below this.
  var labelBound: Int { min(vocabulary ?? .max, Int(Int32.max)) }
}
