import Foundation

/// A stream of few classes and dimensions with a classifier, for tests that run a verb often and assert nothing about
/// its numbers. The committed sample takes ten times as long.
package enum SmallModel {
  package static let classes = 20
  package static let dimension = 4

  /// A compressed stream of samples of all classes.
  package static func stream(rows: Int = 600, seed: Int = 1) -> [UInt8] {
    var generator = SeededGenerator(seed)
    let labels = (0..<rows).map { Int32($0 * 7 % classes) }
    var features: [Float] = []
    for label in labels {
      for feature in 0..<dimension {
        let mean = (Int(label) * (feature + 3)) % 11
        features.append(Float(mean) + Float(generator.normal()))
      }
    }
    return Zstd.frame(NPY.batch(labels, features, dimension: dimension))
  }

  /// Weights of a classifier, [classes × dimension].
  package static var head: [Float] { (0..<classes * dimension).map { Float($0 * 7 % 11) - 5 } }

  /// A model file with the classifier `lm_head.weight`.
  package static var model: [UInt8] {
    Safetensors.file([("lm_head.weight", "F32", [classes, dimension], NPY.bytes(of: head))])
  }
}
