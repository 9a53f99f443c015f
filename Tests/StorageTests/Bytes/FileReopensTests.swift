import Testing

@testable import Storage

@Suite("Retries")
struct FileReopensTests {
  @Test("Each try waits twice as long as the one before, up to a limit; all together take a few seconds")
  func delays() {
    #expect((0..<7).map(FileReopens.delay) == [100, 200, 400, 800, 1_600, 3_200, 6_400].map { .milliseconds($0) })
    #expect(FileReopens.delay(7) == .milliseconds(6_400) && FileReopens.delay(1_000) == .milliseconds(6_400))
    let all = (0..<FileReopens.most).reduce(Duration.zero) { $0 + FileReopens.delay($1) }
    #expect(all == .milliseconds(6_300))
  }

  @Test("A pause lasts at least as long as requested, and a pause of zero does not wait")
  func pauses() {
    let start = ContinuousClock.now
    pause(.milliseconds(3))
    #expect(ContinuousClock.now - start >= .milliseconds(3))
    pause(.zero)
    pause(.milliseconds(-1_500))
  }
}
