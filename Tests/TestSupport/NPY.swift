import Foundation

/// Writes NPY arrays as NumPy does, on its own: the product only reads them.
public enum NPY {
  /// An array of any descriptor, from its payload.
  public static func array(_ descr: String, _ shape: [Int], fortran: Bool = false, _ payload: [UInt8]) -> [UInt8] {
    header(descr: "'\(descr)'", shape: shape, fortran: fortran) + payload
  }

  /// A header of format version 1; `descr` is a Python literal.
  public static func header(descr: String, shape: [Int], fortran: Bool = false) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(extents)), }"
    text += String(repeating: " ", count: 63 - (text.utf8.count + 10) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }

  public static func labels(_ labels: [Int32]) -> [UInt8] {
    array("<i4", [labels.count], bytes(labels))
  }

  /// Features, n × d row-major.
  public static func features<Scalar: BitwiseCopyable>(_ descr: String, _ features: [Scalar], dimension: Int) -> [UInt8]
  {
    array(descr, [features.count / dimension, dimension], bytes(features))
  }

  /// A batch of labels and float32 features.
  public static func batch(_ labels: [Int32], _ features: [Float], dimension: Int) -> [UInt8] {
    self.labels(labels) + self.features("<f4", features, dimension: dimension)
  }

  /// Numbers as their bytes, native order.
  public static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }
}
