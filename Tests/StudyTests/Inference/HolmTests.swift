import Testing

@testable import Study

@Suite("Holm's correction")
struct HolmTests {
  @Test("The least of m is multiplied by m, the next by m − 1, and none is less than the one before it")
  func byHand() {
    #expect(Holm.adjusted([0.25, 0.0625, 0.125]) == [0.25, 0.1875, 0.25])
    #expect(Holm.adjusted([0.5, 0.5]) == [1, 1])
    #expect(Holm.adjusted([0.125]) == [0.125])
  }

  @Test("Untested properties do not count")
  func untested() {
    #expect(Holm.adjusted([nil, 0.125, nil, 0.5]) == [nil, 0.25, nil, 0.5])
    #expect(Holm.adjusted([nil, nil]) == [nil, nil])
  }
}
