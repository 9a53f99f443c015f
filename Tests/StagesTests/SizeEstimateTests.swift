import Testing

@testable import Stages

@Suite("Sizes before a run")
struct SizeEstimateTests {
  @Test("Classes that are known give a size, a bound of them a bound, and none what each takes")
  func words() {
    func estimate(_ classes: ClassEstimate) -> SizeEstimate {
      SizeEstimate(fixed: 1024, perClass: 512, classes: classes)
    }
    #expect(estimate(.exactly(2)).size == "about 2.0 KiB")
    #expect(estimate(.exactly(2)).memory == "at most 2.0 KiB")
    #expect(estimate(.atMost(4)).size == "at most 3.0 KiB, with 4 classes")
    #expect(estimate(.unknown).size == "1.0 KiB and 512 B per class; grows with the classes seen")
  }

  @Test("Sizes beyond all numbers are no crash")
  func huge() { #expect(SizeEstimate(fixed: 1, perClass: 8, classes: .atMost(.max)).size.hasPrefix("at most ")) }

  @Test("Of several states the classes are at most those of all; of one they are its own")
  func union() {
    #expect(ClassEstimate.union([.exactly(3)]) == .exactly(3))
    #expect(ClassEstimate.union([.exactly(3), .atMost(4)]) == .atMost(7))
    #expect(ClassEstimate.union([.exactly(3), .unknown]) == .unknown)
    #expect(ClassEstimate.union([.exactly(.max), .exactly(1)]) == .atMost(.max))
  }
}
