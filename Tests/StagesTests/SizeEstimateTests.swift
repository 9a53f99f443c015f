import Testing

@testable import Stages

@Suite("Sizes before a run")
struct SizeEstimateTests {
  @Test("Known classes give a size, a bound gives a bound, and unknown classes give the size of each")
  func words() {
    func estimate(_ classes: ClassEstimate) -> SizeEstimate {
      SizeEstimate(fixed: 1024, perClass: 512, classes: classes)
    }
    #expect(estimate(.exactly(2)).size == "about 2.0 KiB")
    #expect(estimate(.exactly(2)).memory == "at most 2.0 KiB")
    #expect(estimate(.atMost(4)).size == "at most 3.0 KiB, with 4 classes")
    #expect(estimate(.unknown).size == "1.0 KiB and 512 B per class; grows with the classes seen")
  }

  @Test("Sizes that overflow do not crash")
  func huge() { #expect(SizeEstimate(fixed: 1, perClass: 8, classes: .atMost(.max)).size.hasPrefix("at most ")) }

  @Test("Several states have at most the sum of their classes; one has its own")
  func union() {
    #expect(ClassEstimate.union([.exactly(3)]) == .exactly(3))
    #expect(ClassEstimate.union([.exactly(3), .atMost(4)]) == .atMost(7))
    #expect(ClassEstimate.union([.exactly(3), .unknown]) == .unknown)
    #expect(ClassEstimate.union([.exactly(.max), .exactly(1)]) == .atMost(.max))
  }
}
