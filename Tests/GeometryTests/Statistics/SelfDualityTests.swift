import Testing

@testable import Moments
@testable import Samples

@Suite("Self-duality")
struct SelfDualityTests {
  @Test("A classifier along the centred means has cosine 1 and distance 0")
  func collapsed() throws {
    let centred = try MomentsTable(means: unitVectors(4)).centred().centred.vectors
    let measures = try MomentsTable(means: unitVectors(4)).measure(classifier: centred.map { $0.map { 7 * $0 } })
    #expect(deviation(try measures.classes("nc3_cosine").mean, 1) < 1e-15)
    #expect(try #require(try measures.classes("nc3_cosine").std) < 1e-15)
    #expect(try #require(try measures.classes("nc3_distance").mean) < 1e-15)
    #expect(deviation(try measures.classes("nc3_dot").mean, 7 * 0.75) < 1e-15)
  }

  @Test("Right angle, same direction and opposite direction")
  func angles() throws {
    // Centred means (2, 0), (−2, 0), (0, 1), (0, −1).
    let table = MomentsTable(means: [[2, 0], [-2, 0], [0, 1], [0, -1]])
    let measures = try table.measure(classifier: [[0, 5], [-3, 0], [0, -1], [0, -2]])
    #expect(measures.classes["cosine"]?.numbers == [0, 1, -1, 1])
    #expect(try measures.classes("nc3_dot").mean == (0 + 6 - 1 + 2) / 4)
    #expect(deviation(try measures.classes("nc3_distance").mean, (2.0.squareRoot() + 0 + 2 + 0) / 4) < 1e-15)
  }

  @Test("A zero class or classifier row has no cosine, but a product")
  func zero() throws {
    let table = MomentsTable(means: [[1, 0], [-1, 0], [0, 0]])
    let measures = try table.measure(classifier: [[0, 0], [-2, 0], [1, 1]])
    for id in ["nc3_cosine", "nc3_distance"] {
      #expect(try measures.classes(id).classes == 1)
      #expect(measures[id]?.json["zero_norms"] == .integer(2))
    }
    #expect(try measures.classes("nc3_dot").classes == 3)
    #expect(measures.classes["cosine"]?.numbers == [nil, 1, nil])
  }

  @Test("Small angles keep their digits", arguments: [1e-3, 1e-5, 1e-7])
  func smallAngles(angle: Double) throws {
    let table = MomentsTable(means: [[1, 0], [-1, 0]])
    let measures = try table.measure(classifier: [[1, angle], [-1, angle]])
    let length = (1 + angle * angle).squareRoot()
    // 2 sin(θ/2), with tan θ = angle.
    let expected = (2 * angle * angle / (length * (length + 1))).squareRoot()
    #expect(deviation(try measures.classes("nc3_distance").mean, expected) < 1e-9)
  }

  @Test("Uniform duality shows even if the cosines are near 1", arguments: [1e-3, 1e-5, 1e-6])
  func uniform(angle: Double) throws {
    let table = MomentsTable(means: [[1, 0], [-1, 0]])
    let measures = try table.measure(classifier: [[1, angle], [-1, 2 * angle]])
    let deficit = { (t: Double) in
      let length = (1 + t * t).squareRoot()
      return t * t / (length * (length + 1))
    }
    let expected = (deficit(2 * angle) - deficit(angle)) / 2.0.squareRoot()
    #expect(deviation(try measures.classes("nc3_cosine").std, expected) < 1e-9)
  }

  @Test("Random classes agree with the definition, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let classifier = Matrix.random(150, 11, seed: 77).vectors
    let force = BruteForce(means: table.means.vectors, variances: [])
    let (centred, directions) = (force.centred, force.directions)
    let measures = try table.measure(classifier: classifier)
    let expected: [(String, [Double])] = [
      ("nc3_cosine", zip(classifier, directions).map { inner(unit($0), $1) }),
      ("nc3_dot", zip(classifier, centred).map { inner($0, $1) }),
      ("nc3_distance", zip(classifier, directions).map { norm(minus(unit($0), $1)) }),
    ]
    for (id, values) in expected {
      let summary = force.overClasses(values)
      #expect(deviation(try measures.classes(id).mean, summary.mean) < 1e-11)
      #expect(deviation(try measures.classes(id).std, summary.std) < 1e-11)
    }
  }

  @Test("Without a classifier there is nothing to report")
  func absent() throws {
    let measures = try MomentsTable(means: unitVectors(3)).measure()
    #expect(measures["nc3_cosine"] == nil)
    #expect(measures.classes["cosine"]?.numbers == [nil, nil, nil])
  }
}
