/// A sample on its way, but for its features and the model's choice.
package struct PassingSample {
  package var label: Int32
  /// The number of its sequence within its input, where that is known.
  package var sequence: Int?
  /// Its row within its input.
  package var row = 0
  /// Inputs of the stream before its own of which a sample came.
  package var input = 0
}

/// What a stage does to samples, one after another.
package protocol SampleTransform {
  /// The sample as it is passed on; nil where it is not. Called once for each sample, in stream order.
  mutating func pass(_ sample: PassingSample) throws -> PassingSample?
  /// The model's choice, as it is passed on with a sample.
  func prediction(_ prediction: Int32) -> Int32
  /// All that it remembers of the samples before, to go on from.
  var memory: [Int] { get set }
}

extension SampleTransform {
  package func prediction(_ prediction: Int32) -> Int32 { prediction }
  package var memory: [Int] {
    get { [] }
    set {}
  }
}
