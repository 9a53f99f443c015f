import Samples
import Storage

/// The identity of a stream's samples: the same for every container, framing and batch size.
///
/// XXH3-128 of two sums: one over the labels as little-endian int32, one over the features in storage type,
/// little-endian, both in stream order. Predictions are no part of it.
struct SampleDigest {
  private let labels: Checksum
  private let features: Checksum

  init() {
    labels = Checksum()
    features = Checksum()
  }

  /// Both sums under way.
  struct Saved: Sendable, Equatable, Codable {
    let release: Int
    let labels: [UInt8]
    let features: [UInt8]
  }

  var saved: Saved? {
    guard let labels = labels.saved, let features = features.saved else { return nil }
    return Saved(release: Checksum.release, labels: labels, features: features)
  }

  /// Goes on from what was saved; nil where this library cannot.
  init?(resuming saved: Saved) {
    guard saved.release == Checksum.release, let labels = Checksum(resuming: saved.labels),
      let features = Checksum(resuming: saved.features)
    else { return nil }
    (self.labels, self.features) = (labels, features)
  }

  /// Bytes that are still in the processor's cache when they are looked at a second time.
  private static let stretch = 1 << 17

  mutating func update(_ block: Block) {
    labels.update(UnsafeRawBufferPointer(block.labels))
    block.forEachRun { run, _ in
      features.update(run)
      return true
    }
  }

  /// Takes a block up to its first row that holds a NaN or an infinite feature and returns that row, or nil where it has
  /// none: memory is read once for both.
  mutating func updateChecking(_ block: Block) -> Int? {
    labels.update(UnsafeRawBufferPointer(block.labels))
    let rowsAtOnce = max(Self.stretch / block.rowBytes, 1)
    var found: Int?
    block.forEachRun { run, first in
      let rows = run.count / block.rowBytes
      for row in stride(from: 0, to: rows, by: rowsAtOnce) {
        let part = run[row * block.rowBytes..<min(row + rowsAtOnce, rows) * block.rowBytes]
        let bytes = UnsafeRawBufferPointer(rebasing: part)
        guard let start = bytes.baseAddress else { continue }
        if let bad = block.scalar.firstNonfinite(start, count: bytes.count / block.scalar.byteCount) {
          found = first + row + bad / block.dimension
          return false
        }
        features.update(bytes)
      }
      return true
    }
    return found
  }

  var value: String {
    let both = Checksum()
    both.update(labels.value)
    both.update(features.value)
    return both.value
  }
}
