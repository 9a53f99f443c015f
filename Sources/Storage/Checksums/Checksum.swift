import CXXHash

/// XXH3-128 over bytes given piece by piece. It runs at memory speed and detects damage and mix-ups, not an adversary.
package final class Checksum {
  private let state: OpaquePointer?

  package init() {
    state = XXH3_createState()
    if let state { _ = XXH3_128bits_reset(state) }
  }

  deinit { _ = XXH3_freeState(state) }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    guard let state, let start = bytes.baseAddress else { return }
    _ = collapse_xxh3_128bits_update(state, start, bytes.count)
  }

  package func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// Adds numbers as bytes in native order.
  package func update<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBytes(update)
  }

  /// The unfinished checksum, to continue with ``init(resuming:)``; nil if there was no memory for it.
  package var saved: [UInt8]? {
    guard let state else { return nil }
    return [UInt8](unsafeUninitializedCapacity: Int(collapse_xxh3_state_bytes)) { bytes, count in
      if let start = bytes.baseAddress {
        collapse_xxh3_save(state, start)
        count = bytes.count
      }
    }
  }

  /// The release of libxxhash whose ``saved`` states can be resumed. Other releases may lay them out differently.
  package static var release: Int { Int(collapse_xxh3_release()) }

  /// Resumes from ``saved`` of this ``release``; nil if it is something else.
  package convenience init?(resuming saved: [UInt8]) {
    self.init()
    guard let state, saved.count == Int(collapse_xxh3_state_bytes) else { return nil }
    guard saved.withUnsafeBytes({ collapse_xxh3_restore(state, $0.baseAddress) }) != 0 else { return nil }
  }

  /// The checksum so far, as 32 hexadecimal digits.
  package var value: String {
    guard let state else { return "" }
    let hash = XXH3_128bits_digest(state)
    return [hash.high64, hash.low64].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
