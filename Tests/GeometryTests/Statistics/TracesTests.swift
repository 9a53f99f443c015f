import Testing

@testable import Moments

@Suite("Traces")
struct TracesTests {
  @Test("Two classes at ±2 with a spread of 3 over 4 samples")
  func small() throws {
    let measures = try MomentsTable(means: [[2], [-2]], m2: [1, 2]).measure()
    #expect(try measures.scalar("within_trace") == 0.75)
    #expect(try measures.scalar("between_trace") == 4)
    #expect(try measures.scalar("nc1_quotient") == 0.1875)
  }

  @Test("Means that do not differ have no quotient")
  func undefined() throws {
    for means in [[[1.0, 2]], [[0.1, 0.2], [0.1, 0.2]]] {
      let measures = try MomentsTable(means: means).measure()
      #expect(try measures.scalar("nc1_quotient") == nil)
      #expect(try measures.scalar("between_trace") == 0)
    }
  }
}
