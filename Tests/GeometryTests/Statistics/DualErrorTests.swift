import Testing

@testable import Moments
@testable import Samples

@Suite("Dual error")
struct DualErrorTests {
  @Test("A simplex that is its own classifier has no error, whatever the scale and offset of either")
  func collapsed() throws {
    let means = unitVectors(12).map { $0.map { 3 * $0 + 5 } }
    let error = try MomentsTable(means: means).measure(classifier: unitVectors(12)).scalar("nc3_dual_error")
    #expect(try #require(error) < 1e-13)
  }

  @Test("A classifier that points the other way has 2")
  func opposite() throws {
    let classifier = unitVectors(5).map { $0.map { -$0 } }
    #expect(
      deviation(try MomentsTable(means: unitVectors(5)).measure(classifier: classifier).scalar("nc3_dual_error"), 2)
        < 1e-14)
  }

  @Test("Random classes agree with S computed in full, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let classifier = Matrix.random(150, 11, seed: 77).vectors
    let centred = BruteForce(means: table.means.vectors, variances: []).centred
    let error = try table.measure(classifier: classifier).scalar("nc3_dual_error")
    #expect(deviation(error, BruteForce.simplexError(classifier, centred)) < 1e-12)
  }

  @Test("Close to duality, digits are kept", arguments: [1e-2, 1e-4, 1e-6])
  func approach(distance: Double) throws {
    let k = 15
    let noise = Matrix.random(k, k, seed: 10).vectors
    let classifier = zip(unitVectors(k), noise).map { zip($0, $1).map { $0 + distance * $1 } }
    let centred = BruteForce(means: unitVectors(k), variances: []).centred
    let error = try MomentsTable(means: unitVectors(k)).measure(classifier: classifier).scalar("nc3_dual_error")
    #expect(deviation(error, BruteForce.simplexError(classifier, centred)) < 1e-9)
  }

  @Test("Without a classifier it is absent; with a zero classifier it is undefined")
  func absent() throws {
    let table = MomentsTable(means: unitVectors(3))
    #expect(try table.measure()["nc3_dual_error"] == nil)
    let zeros = [[Double]](repeating: [0, 0, 0], count: 3)
    #expect(try table.measure(classifier: zeros).scalar("nc3_dual_error") == nil)
  }
}
