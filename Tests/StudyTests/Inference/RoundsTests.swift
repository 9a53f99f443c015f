import Testing

@testable import Study

@Suite("Rounds")
struct RoundsTests {
  @Test("Rounds follow one another to the last draw, and are smaller the more numbers a draw takes")
  func sizes() {
    #expect(Array(rounds(of: 7, numbers: 20_000_000)) == [0..<2, 2..<4, 4..<6, 6..<7])
    #expect(Array(rounds(of: 3, numbers: 1_000_000_000)) == [0..<1, 1..<2, 2..<3])
    #expect(Array(rounds(of: 10_000, numbers: 21)) == [0..<10_000])
    #expect(Array(rounds(of: 0, numbers: 0)) == [])
  }

  @Test("Rounds change no bit of p")
  func invariance() throws {
    struct Stopped: Error {}
    let x = (0..<30_000).map { Double(($0 * 7_919) % 30_011) }
    let y = (0..<30_000).map { Double(($0 * 104_729) % 30_011) }
    let (a, b) = (try #require(CentredDirection(x)).unit, try #require(CentredDirection(y)).unit)
    let test = PermutationTest(permutations: 20, seed: 3, threads: 2)
    let reached = (0..<20).count { permutation in
      var shuffled = b
      test.shuffle(&shuffled, permutation)
      return abs(CentredDirection.product(a, shuffled)) >= abs(CentredDirection.product(a, b))
    }
    #expect(try test.p(a, b) == Double(1 + reached) / 21)
    #expect(throws: Stopped.self) { try test.p(a, b, checkCancellation: { throw Stopped() }) }
  }
}
