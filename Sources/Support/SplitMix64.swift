/// A pseudorandom generator that gives the same numbers for the same seed on every machine (Steele, Lea & Flood 2014).
///
/// Skipping any number of outputs is free, so each thread can start anywhere in one sequence.
package struct SplitMix64: Sendable {
  private var state: UInt64

  /// - Parameter skipped: outputs to skip from the start of the sequence.
  package init(seed: UInt64, skipping skipped: Int = 0) {
    state = seed &+ UInt64(truncatingIfNeeded: skipped) &* Self.step
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  package mutating func next() -> UInt64 {
    state &+= Self.step
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in 0 ..< 1.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0 ..< `bound`.
  package mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

  /// Approximately normal, mean 0 and variance 1: the sum of eight uniform 16-bit numbers, which is exact.
  package mutating func normal() -> Float {
    let (first, second) = (next(), next())
    let halves =
      (first & 0xFFFF_0000_FFFF) + (first >> 16 & 0xFFFF_0000_FFFF)
      + (second & 0xFFFF_0000_FFFF) + (second >> 16 & 0xFFFF_0000_FFFF)
    let sum = Int32(truncatingIfNeeded: halves & 0xFFFF_FFFF) + Int32(truncatingIfNeeded: halves >> 32)
    // Subtract 8 means, divide by √(8 · variance) of one number.
    return Float(sum - 262_140) * 1.868_812_2e-5
  }
}
