import Embeddings

/// The identity of a stream's samples: the same for every container, framing and batch size.
///
/// XXH3-128 of two sums: one over the labels as little-endian int32, one over the features in storage type,
/// little-endian, both in stream order. Predictions are no part of it.
struct SampleDigest {
  private let labels = Checksum()
  private let features = Checksum()

  mutating func update(_ block: Block) {
    labels.update(UnsafeRawBufferPointer(block.labels))
    block.forEachRun { run, _ in
      features.update(run)
      return true
    }
  }

  var value: String {
    let both = Checksum()
    both.update(labels.value)
    both.update(features.value)
    return both.value
  }
}
