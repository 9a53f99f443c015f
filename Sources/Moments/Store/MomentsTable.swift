import Samples

/// The moments of classes as a table, by ascending token id. It holds all classes seen, to be measured, or a run of
/// them, to be written, read or merged.
package struct MomentsTable: Sendable, Equatable {
  /// Token ids of the K classes, ascending.
  package let tokens: [Int32]
  /// n_c, the number of samples of each class; at least 1.
  package let counts: [Int]
  /// μ_c, [K × d].
  package let means: Matrix
  /// The low part of each μ_c, [K × d], if kept. The mean is the sum of both parts; see ``ClassMoments``.
  package let lowPart: Matrix?
  /// Σ‖h − μ_c‖², one number per class.
  package let m2: [Double]
  /// Σ(h − μ_c)² of each feature, [K × d], if accumulated.
  package let diagonal: Matrix?
  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ over all samples, [d × d] and symmetric, if accumulated.
  package let withinScatter: Matrix?

  /// - Precondition: the columns have the same length, and the scatter is d×d.
  package init(
    tokens: [Int32], counts: [Int], means: Matrix, lowPart: Matrix? = nil, m2: [Double], diagonal: Matrix? = nil,
    withinScatter: Matrix? = nil
  ) {
    precondition(counts.count == tokens.count && m2.count == tokens.count && means.rows == tokens.count)
    for other in [lowPart, diagonal].compactMap(\.self) {
      precondition(other.rows == means.rows && other.columns == means.columns)
    }
    precondition(withinScatter.map { $0.rows == means.columns && $0.columns == means.columns } ?? true)
    (self.tokens, self.counts, self.means, self.lowPart, self.m2) = (tokens, counts, means, lowPart, m2)
    (self.diagonal, self.withinScatter) = (diagonal, withinScatter)
  }

  /// K, the number of classes.
  package var classes: Int { tokens.count }
  package var moments: SecondMoments { diagonal == nil ? .trace : .diagonal }
  /// d, the number of features in a sample.
  package var dimension: Int { means.columns }
  /// N, the number of samples.
  package var samples: Int { counts.reduce(0, +) }
  /// tr Σ_W = (1/N) Σ_c M2_c, over all samples.
  package var withinTrace: Double { samples > 0 ? m2.reduce(0, +) / Double(samples) : 0 }
}

extension MomentsTable {
  /// Bytes of means to move between memory and a file at a time.
  package static let runBytes = 4 << 20

  /// Classes in a run, or rows of a scatter, that fill ``runBytes``.
  package static func rowsPerRun(dimension: Int) -> Int {
    max(1, runBytes / (max(dimension, 1) * MemoryLayout<Double>.size))
  }

  /// Throws ``MomentsError`` for the first class, by token id, whose moments exceed the range of Float64. The squares
  /// of features near 1e154 do.
  package func checkFinite() throws {
    try means.withUnsafeElements { means in
      for (row, token) in tokens.enumerated() {
        let isFinite =
          means.baseAddress.map {
            ScalarType.float64.firstNonfinite($0 + row * dimension, count: dimension) == nil
          } ?? true
        guard m2[row].isFinite, isFinite else {
          throw MomentsError(
            .overflow, position: "class of token \(token)", expected: "moments within the range of Float64",
            found: "an overflow", advice: "scale the features down before you accumulate them")
        }
      }
    }
  }
}
