import Samples
import Storage

/// The identity of a stream's samples: the same for every container, framing and batch size.
///
/// XXH3-128 of two checksums, both in stream order: of the labels as little-endian int32, and of the features in their
/// storage type, little-endian. Predictions are left out.
struct SampleDigest {
  private var labels = Checksum()
  private var features = Checksum()

  init() {}

  /// The state of both checksums.
  struct Saved: Sendable, Equatable, Codable {
    let release: Int
    let labels: [UInt8]
    let features: [UInt8]
  }

  var saved: Saved? {
    guard let labels = labels.saved, let features = features.saved else { return nil }
    return Saved(release: Checksum.release, labels: labels, features: features)
  }

  /// Continues from a saved state; nil if this library cannot.
  init?(resuming saved: Saved) {
    guard saved.release == Checksum.release, let labels = Checksum(resuming: saved.labels),
      let features = Checksum(resuming: saved.features)
    else { return nil }
    (self.labels, self.features) = (labels, features)
  }

  /// Bytes few enough to be in the processor's cache still when they are read a second time.
  private static let stretch = 1 << 17

  mutating func update(_ block: Block) {
    labels.update(UnsafeRawBufferPointer(block.labels))
    block.forEachRun { run, _ in
      features.update(run)
      return true
    }
  }

  /// Adds a block up to its first row that holds a NaN or an infinite feature, and returns that row; nil if there is
  /// none. One pass over memory does both.
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

  /// Identity of the labels alone, which streams of the same text share whatever model made their features.
  var labelsValue: String { labels.value }

  var value: String {
    let both = Checksum()
    both.update(labels.value)
    both.update(features.value)
    return both.value
  }
}
