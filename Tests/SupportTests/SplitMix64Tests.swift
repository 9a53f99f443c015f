import Testing

@testable import Support

@Suite("Seeded random numbers")
struct SplitMix64Tests {
  @Test("The sequence is the published one of SplitMix64, and can start anywhere")
  func generator() {
    var random = SplitMix64(seed: 1_234_567)
    let numbers = (0..<3).map { _ in random.next() }
    #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    var later = SplitMix64(seed: 1_234_567, skipping: 2)
    #expect(later.next() == numbers[2])
    let normal = (0..<20_000).map { _ in Double(random.normal()) }
    let mean = normal.reduce(0, +) / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000 - 1) < 0.03)
  }
}
