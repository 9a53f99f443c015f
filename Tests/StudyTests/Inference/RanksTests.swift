import Testing

@testable import Study

@Suite("Ranks")
struct RanksTests {
  @Test("Numbers are ranked from 1, and equal ones share the mean of their ranks")
  func ties() {
    #expect(Ranks.of([30, 10, 20]) == [3, 1, 2])
    #expect(Ranks.of([5, 1, 5, 5]) == [3, 1, 3, 3])
    #expect(Ranks.of([2, 2, 1, 1]) == [3.5, 3.5, 1.5, 1.5])
    #expect(Ranks.of([0.0, -0.0]) == [1.5, 1.5])
    #expect(Ranks.of([]) == [])
  }
}
