import Samples

/// The headers that `numpy.save` writes before the elements of an array.
package enum NPYWriter {
  /// The header for `rows` labels, little-endian int32.
  package static func header(labels rows: Int) -> [UInt8] { header("<i4", "(\(rows),)") }

  /// The same, with 64 more spaces before the newline. It begins every batch that `write` makes, so that a stream of
  /// ours is known from one of `numpy.save`. Readers of NPY files take any padding.
  package static func header(ofBatch rows: Int) -> [UInt8] { header("<i4", "(\(rows),)", padding: 64) }

  /// The header for `rows` rows of features, little-endian and row-major.
  package static func header(features scalar: ScalarType, rows: Int, dimension: Int) -> [UInt8] {
    let descriptor =
      switch scalar {
      case .float16: "<f2"
      // As ml_dtypes saves it.
      case .bfloat16: "<V2"
      case .float32: "<f4"
      case .float64: "<f8"
      }
    return header(descriptor, "(\(rows), \(dimension))")
  }

  /// Magic, version 1.0, length and dictionary, padded to a multiple of 64 bytes with spaces and a final newline.
  private static func header(_ descriptor: String, _ shape: String, padding: Int = 0) -> [UInt8] {
    var text = Array("{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(shape), }".utf8)
    let lead = NPYHeader.preambleCount + 2
    text += Array(repeating: UInt8(ascii: " "), count: 63 - (lead + text.count) % 64 + padding) + [UInt8(ascii: "\n")]
    return NPYHeader.magic + [1, 0, UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)]
      + text
  }
}
