import Testing

@testable import Geometry
@testable import Moments

@Suite("Centred means")
struct CentredMeansTests {
  @Test("Two opposite means")
  func small() throws {
    let means = try MomentsTable(means: [[4, 3], [-4, -3]], m2: [6, 0], counts: [3, 1]).centred()
    #expect(means.norms == [5, 5])
    #expect(means.variances == [2, 0])
    #expect(means.betweenTrace == 25)
    #expect(means.zeroNorms == 0)
    #expect(means.differ)
  }

  @Test("A class at the global mean has no direction")
  func zero() throws {
    let means = try MomentsTable(means: [[1, 0], [-1, 0], [0, 0]]).centred()
    #expect(means.zeroNorms == 1)
    #expect(means.inverseNorms[2].isNaN)
  }

  @Test("A class within the rounding error of the global mean has none either")
  func rounding() throws {
    let means = try MomentsTable(means: [[1e6 + 1, 0], [1e6 - 1, 0], [1e6.nextUp, 0]]).centred()
    #expect(means.norms[2] > 0)
    #expect(means.zeroNorms == 1)
  }

  @Test("Means that agree do not differ, and a single one does not")
  func same() throws {
    #expect(try !MomentsTable(means: [[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]]).centred().differ)
    #expect(try !MomentsTable(means: [[0.1, 0.2]]).centred().differ)
  }

  @Test("Lengths whose fourth power overflows are an error that names the token")
  func range() throws {
    #expect(throws: GeometryError.outOfRange(token: 1, what: "class mean", norm: 1e80)) {
      try MomentsTable(means: [[1, 0], [1e80, 0]]).centred()
    }
  }

  @Test("Means so small that their squares underflow are an error; exact zero is fine")
  func underflow() throws {
    #expect(throws: GeometryError.outOfRange(token: 1, what: "class mean", norm: 1e-160)) {
      try MomentsTable(means: [[1, 0], [0, -1e-160]]).centred()
    }
    #expect(try MomentsTable(means: [[1, 0], [0, 0]]).centred().differ)
  }
}
