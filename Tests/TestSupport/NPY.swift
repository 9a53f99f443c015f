/// Writes NPY arrays from NumPy's description of the format; shares nothing with the product's parser.
package enum NPY {
  /// An array with these bytes; the header is padded to a multiple of 64 bytes as NumPy does.
  package static func array(
    _ descriptor: String, _ shape: [Int], _ bytes: [UInt8], isColumnMajor: Bool = false, version: UInt8 = 1
  ) -> [UInt8] {
    let extents = shape.map { "\($0), " }.joined()
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(extents.dropLast(2)))"
    let order = isColumnMajor ? "True" : "False"
    return array(
      header: "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': \(tuple), }", bytes, version: version)
  }

  /// An array with the given header text.
  package static func array(header: String, _ bytes: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    var text = Array(header.utf8)
    let lead = 8 + (version == 1 ? 2 : 4)
    text += Array(repeating: 0x20, count: (64 - (lead + text.count + 1) % 64) % 64) + [0x0A]
    return preamble(version: version, length: text.count) + text + bytes
  }

  /// A batch as `write` begins it: with 64 spaces more in the first header than NumPy writes.
  package static func paddingLabels(of batch: [UInt8]) -> [UInt8] {
    preamble(version: 1, length: 182) + batch[10..<127] + [UInt8](repeating: 0x20, count: 64) + batch[127...]
  }

  /// Magic, version and the header's length.
  package static func preamble(version: UInt8, length: Int) -> [UInt8] {
    let width = version == 1 ? 2 : 4
    return [0x93] + Array("NUMPY".utf8) + [version, 0]
      + (0..<width).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  }

  /// A 1-d array of integers, optionally big-endian.
  package static func integers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: [Number], isBigEndian: Bool = false
  )
    -> [UInt8]
  {
    let width = MemoryLayout<Number>.size
    let order = width == 1 ? "|" : isBigEndian ? ">" : "<"
    return array(
      "\(order)\(Number.isSigned ? "i" : "u")\(width)", [numbers.count],
      bytes(of: numbers.map { isBigEndian ? $0.bigEndian : $0.littleEndian }))
  }

  /// A 2-d array of float32, row-major.
  package static func floats(_ rows: [[Float]]) -> [UInt8] {
    array("<f4", [rows.count, rows.first?.count ?? 1], bytes(of: rows.flatMap { $0 }))
  }

  package static func bytes<Number: BitwiseCopyable>(of numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  /// A 1-d array of token ids.
  package static func labels(_ labels: [Int32]) -> [UInt8] { integers(labels) }

  /// Features, n × d row-major.
  package static func features<Scalar: BitwiseCopyable>(
    _ descriptor: String, _ features: [Scalar], dimension: Int
  ) -> [UInt8] {
    array(descriptor, [features.count / dimension, dimension], bytes(of: features))
  }

  /// A batch of labels and float32 features.
  package static func batch(_ labels: [Int32], _ features: [Float], dimension: Int) -> [UInt8] {
    integers(labels) + self.features("<f4", features, dimension: dimension)
  }

  /// A header alone; `descr` is a Python literal.
  package static func header(descr: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    return array(header: "{'descr': \(descr), 'fortran_order': False, 'shape': (\(extents)), }")
  }
}
