import Testing

@testable import Geometry
@testable import Moments

@Suite("Sizes")
struct SizesTests {
  @Test("N counts all samples, K the selected classes, d the features")
  func small() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [1, 1]], counts: [1, 3, 5])
    let measures = try table.measure(ClassFilter(minCount: 2))
    #expect(measures["tokens"]?.value == .count(9))
    #expect(measures["classes"]?.value == .count(2))
    #expect(measures["dimension"]?.value == .count(2))
  }
}
