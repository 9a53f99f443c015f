import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("NC2 of the output head, and Papyan's two")
struct HeadFrameTests {
  private let table = MomentsTable.random(40, 7)
  private let head = Matrix.random(40, 7, offset: 0.3, seed: 11).vectors

  @Test("Random rows agree with the definitions, as they are and centred", arguments: [false, true])
  func random(isCentred: Bool) throws {
    var options = GeometryOptions()
    options.isHeadCentred = isCentred
    let measures = try table.measure(classifier: head, options: options)
    let force = BruteForce(means: head, variances: [])
    let rows = isCentred ? force.centred : head
    func cosine(_ a: Int, _ b: Int) -> Double { inner(unit(rows[a]), unit(rows[b])) }
    let (norms, cosines) = (force.overClasses(rows.map(norm)), force.overPairs(cosine))
    #expect(deviation(try measures.classes("head_norm").mean, norms.mean) < 1e-13)
    #expect(deviation(try measures.classes("head_norm").std, norms.std) < 1e-12)
    #expect(deviation(try measures.pairs("head_interference").mean, cosines.mean) < 1e-11)
    #expect(deviation(try measures.pairs("head_interference").std, cosines.std) < 1e-11)
    #expect(deviation(try measures.scalar("head_etf_error"), BruteForce.simplexError(rows, rows)) < 1e-12)
    let angle = force.overPairs { abs(cosine($0, $1) + 1 / 39) }.mean
    #expect(deviation(try measures.scalar("head_maximal_angle"), angle) < 1e-12)
  }

  @Test("Both of Papyan's agree with their definitions; of the head's rows only one depends on centring")
  func papyan() throws {
    let measures = try table.measure(classifier: head)
    let force = BruteForce(means: table.means.vectors, variances: [])
    let directions = force.directions
    let angle = force.overPairs { abs(inner(directions[$0], directions[$1]) + 1 / 39) }.mean
    #expect(deviation(try measures.scalar("nc2_maximal_angle"), angle) < 1e-12)
    let (w, m) = (norm(head.flatMap { $0 }), norm(force.centred.flatMap { $0 }))
    let difference = minus(head.flatMap { $0.map { $0 / w } }, force.centred.flatMap { $0.map { $0 / m } })
    #expect(deviation(try measures.scalar("nc3_frobenius"), inner(difference, difference)) < 1e-13)
  }

  @Test(
    "A collapsed head is a simplex, and equals the means but for scale; a small angle between them keeps its digits")
  func collapsed() throws {
    let table = MomentsTable(means: unitVectors(6))
    let centred = try table.centred().centred.vectors
    let measures = try table.measure(classifier: centred.map { $0.map { 3 * $0 } })
    #expect(try #require(try measures.scalar("nc3_frobenius")) < 1e-30)
    for id in ["head_etf_error", "head_maximal_angle", "nc2_maximal_angle"] {
      #expect(try #require(try measures.scalar(id)) < 1e-14, "\(id)")
    }
    #expect(try #require(try measures.pairs("head_interference").std) < 1e-14)
    let two = MomentsTable(means: [[1, 0], [-1, 0]])
    let found = try two.measure(classifier: [[1, 1e-7], [-1, -1e-7]]).scalar("nc3_frobenius")
    #expect(deviation(found, 1e-14) < 1e-6)
  }

  @Test("Zero rows are left out and counted; a zero head and one class have no angles")
  func edges() throws {
    let table = MomentsTable(means: [[1, 0], [-1, 0], [0, 1]])
    let some = try table.measure(classifier: [[0, 0], [1, 0], [0, 2]])
    #expect(try some.pairs("head_interference").zeroNorms == 1 && some.pairs("head_interference").mean == 0)
    #expect(try some.classes("head_norm").mean == 1)
    let none = try table.measure(classifier: [[0, 0], [0, 0], [0, 0]])
    for id in ["head_etf_error", "head_maximal_angle", "nc3_frobenius"] { #expect(try none.scalar(id) == nil) }
    let one = try MomentsTable(means: [[1, 2]]).measure(classifier: [[1, 1]])
    for id in ["head_etf_error", "head_maximal_angle", "nc2_maximal_angle", "nc3_frobenius"] {
      #expect(try one.scalar(id) == nil)
    }
    #expect(try one.classes("head_norm").mean == (2.0).squareRoot())
  }

  @Test("A sample of pairs gives nearly the maximal angles of all, and its own error is not that of a corpus")
  func sampled() throws {
    let options = GeometryOptions(sampling: PairSampling(pairs: 20_000))
    let (all, some) = (try table.measure(classifier: head), try table.measure(classifier: head, options: options))
    for id in ["nc2_maximal_angle", "head_maximal_angle"] {
      #expect(abs(try #require(try some.scalar(id)) - (try #require(try all.scalar(id)))) < 0.02)
      #expect(all[id]?.errors.isEmpty == true && some[id]?.errors.isEmpty == true)
    }
  }
}
