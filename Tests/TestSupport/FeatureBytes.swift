import Samples

extension Block {
  /// A copy of the features of all rows, one after another.
  package var featureBytes: [UInt8] {
    withExtendedLifetime(self) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(rows * rowBytes)
      forEachRun { run, _ in
        bytes += run
        return true
      }
      return bytes
    }
  }

  /// Features as doubles, [rows × dimension].
  package var featureValues: [Double] {
    let bytes = featureBytes
    return [Double](unsafeUninitializedCapacity: rows * dimension) { out, count in
      bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress, let out = out.baseAddress {
          scalar.widen(start, count: rows * dimension, into: out)
        }
      }
      count = rows * dimension
    }
  }
}
