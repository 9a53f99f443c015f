import Samples
import Storage

/// The identity of an output head: the checksum of all its numbers, row by row, widened to float64.
///
/// A copy with the same numbers has the same identity, in any format and type: a float32 copy of a bfloat16 head fits.
package struct HeadDigest {
  private let sum = Checksum()

  package init() {}

  /// Adds the next rows.
  package func update(_ rows: Matrix) { sum.update(rows.elements) }

  package var value: String { sum.value }

  /// The identity of the whole classifier: head and bias. Without a bias, it is that of the head.
  package func value(withBias bias: [Double]?) -> String {
    if let bias { sum.update(bias) }
    return sum.value
  }
}
