import Samples
import Storage

/// The identity of a classifier: checksums of all its numbers, row by row, widened to float64.
///
/// A copy with the same numbers has the same identity, in any format and type: a float32 copy of a bfloat16 head fits.
package struct ClassifierIdentity: Sendable, Equatable {
  /// Identifies the output head alone.
  package let head: String
  /// Identifies head and bias; without a bias, it is that of the head.
  package let whole: String
}

/// Computes the identity of a classifier from its rows.
package struct ClassifierDigest {
  private let sum = Checksum()

  package init() {}

  /// Adds the next rows.
  package func update(_ rows: Matrix) { sum.update(rows.elements) }

  /// The identity, after the last row.
  package func finish(bias: [Double]? = nil) -> ClassifierIdentity {
    let head = sum.value
    if let bias { sum.update(bias) }
    return ClassifierIdentity(head: head, whole: sum.value)
  }
}
