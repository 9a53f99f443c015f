/// A sample passing through transforms, without its features and prediction.
package struct SampleInFlight {
  package var label: Int32
  /// Index of its sequence within its input, if known.
  package var sequence: Int?
  /// Its row within its input.
  package var row = 0
  /// Number of earlier inputs of the stream that had samples.
  package var input = 0
}

/// A transform of samples, applied one at a time.
package protocol SampleTransform {
  /// The sample to pass on; nil to drop it. Called once per sample, in stream order.
  mutating func pass(_ sample: SampleInFlight) throws -> SampleInFlight?
  /// The prediction to pass on with a sample.
  func prediction(_ prediction: Int32) -> Int32
  /// All it remembers about earlier samples, for resuming.
  var memory: [Int] { get set }
}

extension SampleTransform {
  package func prediction(_ prediction: Int32) -> Int32 { prediction }
  package var memory: [Int] {
    get { [] }
    set {}
  }
}
