import CXXHash

/// XXH3-128 over bytes given piece by piece: at the speed of memory, against damage and mix-ups, not against an adversary.
public final class Checksum {
  private let state: OpaquePointer?

  public init() {
    state = XXH3_createState()
    if let state { _ = XXH3_128bits_reset(state) }
  }

  deinit { _ = XXH3_freeState(state) }

  public func update(_ bytes: UnsafeRawBufferPointer) {
    guard let state, let start = bytes.baseAddress else { return }
    _ = collapse_xxh3_128bits_update(state, start, bytes.count)
  }

  public func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// Numbers, as their bytes in native order.
  public func update<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBytes(update)
  }

  /// The sum so far, 32 hexadecimal digits.
  public var value: String {
    guard let state else { return "" }
    let hash = XXH3_128bits_digest(state)
    return [hash.high64, hash.low64].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
