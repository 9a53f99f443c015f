import Foundation
import Testing

@testable import Moments

@Suite("Equinormness")
struct EquinormnessTests {
  @Test("Norms 1, 1 and 2 have mean 4/3 and sample deviation √(1/3)")
  func small() throws {
    let norms = try MomentsTable(means: [[1, 0], [1, 0], [-2, 0]]).measure().classes("nc2_norm")
    #expect(deviation(norms.mean, 4.0 / 3) < 1e-15)
    #expect(deviation(norms.std, (1.0 / 3).squareRoot()) < 1e-15)
    #expect(deviation(norms.cv, (1.0 / 3).squareRoot() * 0.75) < 1e-15)
  }

  @Test("A simplex is equinorm: cv is 0")
  func simplex() throws {
    let measures = try MomentsTable(means: unitVectors(6)).measure()
    #expect(try #require(try measures.classes("nc2_norm").cv) < 1e-15)
    #expect(try #require(try measures.classes("nc2_log_norm").std) < 1e-15)
  }

  @Test("A class at the global mean has norm 0 and no logarithm")
  func zero() throws {
    let measures = try MomentsTable(means: [[2, 0], [-2, 0], [0, 0]]).measure()
    #expect(try measures.classes("nc2_norm").classes == 3)
    #expect(try measures.classes("nc2_log_norm").classes == 2)
    #expect(deviation(try measures.classes("nc2_log_norm").mean, log(2)) < 1e-15)
    #expect(measures["nc2_log_norm"]?.json["zero_norms"] == .integer(1))
    #expect(measures["nc2_norm"]?.json["zero_norms"] == nil)
  }

  @Test("One class has a norm of 0, no deviation and no logarithm")
  func single() throws {
    let measures = try MomentsTable(means: [[1, 2]]).measure()
    #expect(measures["nc2_norm"]?.json == ["mean": .number(0), "std": .null, "cv": .null])
    #expect(
      measures["nc2_log_norm"]?.json == ["mean": .null, "std": .null, "cv": .null, "zero_norms": .integer(1)])
  }

  @Test("Random classes agree with the definition, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let force = BruteForce(means: table.means.vectors, variances: [])
    let norms = force.centred.map(norm)
    for (id, values) in [("nc2_norm", norms), ("nc2_log_norm", norms.map { log($0) })] {
      let expected = force.overClasses(values)
      let found = try table.measure().classes(id)
      #expect(deviation(found.mean, expected.mean) < 1e-12)
      #expect(deviation(found.std, expected.std) < 1e-12)
      #expect(deviation(found.cv, expected.std / expected.mean) < 1e-12)
    }
  }
}
