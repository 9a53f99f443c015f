import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Spectra of a state")
struct SpectraTests {
  private func measure(
    _ table: MomentsTable, _ filter: ClassFilter = ClassFilter(), classifier: Matrix? = nil, whole: Matrix? = nil
  ) throws -> Measures {
    var options = GeometryOptions()
    options.hasSpectra = true
    return try Measures(of: ClassSelection(table, filter), classifier: classifier, wholeHead: whole, options: options)
  }

  @Test("Each matrix has the eigenvalues of its definition, and Σ_T is the sum of its two parts")
  func diagonal() throws {
    // Means along the axes: μ = (1, 0), Σ_Bw = diag(0.75·1 + 0.25·9, 0), Σ_B = diag(4, 0), Σ_W = diag(1, 2)/8.
    let table = MomentsTable(
      means: [[0, 0], [4, 0]], m2: [2, 1], counts: [6, 2], withinScatter: [[1, 0], [0, 2]])
    let head = Matrix([[3, 0], [0, 2]])
    let whole = try MatrixProducts.gram(Matrix([[3, 0], [0, 2], [0, 2]]), threads: 1)
    let measures = try measure(table, classifier: head, whole: whole)
    let found = Dictionary(uniqueKeysWithValues: measures.spectra.map { ($0.kind, $0.eigenvalues) })
    #expect(found[.within] == [0.25, 0.125] && found[.between] == [4, 0] && found[.betweenWeighted] == [3, 0])
    #expect(found[.total] == [3.125, 0.25] && found[.head] == [9, 4] && found[.headAll] == [9, 8])
    #expect(deviation(try measures.scalar("mean_share"), 1 / (1 + 3.375)) < 1e-15)
    // √(8·eig(diag(4.125, 0.25))).
    let singular = [33, 2].map { ($0 as Double).squareRoot() }
    #expect(deviation(try measures.scalar("rankme"), Spectrum.perplexity(of: singular, offset: 1e-7)) < 1e-14)
    let lidar = Spectrum.perplexity(of: [4 / 0.1251, 0], offset: 1e-7)
    #expect(deviation(try measures.scalar("lidar"), lidar) < 1e-14)
    #expect(measures.spectra.map(\.kind) == Spectrum.Kind.allCases)
  }

  @Test("A selection changes Σ_B and the head, and nothing that is of all samples")
  func selected() throws {
    let (table, head) = (MomentsTable.random(12, 5), Matrix.random(12, 5, seed: 5))
    let all = try measure(table, classifier: head)
    let tokens = Array(table.tokens.prefix(7))
    let some = try measure(table, ClassFilter(tokens: Set(tokens)), classifier: head.selecting(Array(0..<7)))
    for (a, b) in zip(all.spectra, some.spectra) {
      #expect(a.kind == b.kind && (a == b) == ![.between, .head].contains(a.kind), "\(a.kind)")
    }
    for id in ["rankme", "mean_share"] { #expect(try all.scalar(id) == some.scalar(id)) }
  }

  @Test("Without Σ_W there are the spectra of means and head, and a remark on what the others need")
  func bare() throws {
    let table = MomentsTable(means: Matrix.random(6, 3, seed: 1).vectors)
    let measures = try measure(table, classifier: .random(6, 3, seed: 2))
    #expect(measures.spectra.map(\.kind) == [.between, .betweenWeighted, .head])
    #expect(measures["rankme"] == nil && measures["lidar"] == nil && measures["within_alpha"] == nil)
    #expect(try measures.scalar("mean_share") != nil && measures.scalar("between_stable_rank") != nil)
    let remark = try #require(measures.remarks.first { $0.need == .withinScatter }).text
    #expect(remark.contains("total_isoscore") && remark.contains("nc1_pinv") && !remark.contains("between_isoscore"))
    #expect(try table.measure().remarks.allSatisfy { !"\($0)".contains("isoscore") })
  }

  @Test(
    "One class, one feature, collapsed classes, no offset: a value or null with a reason, never NaN",
    arguments: [
      [[1.0, 2]], [[1, 2], [1, 2]], [[0, 0], [0, 0]], [[1, 0], [-1, 0]], [[0.1, 0.3], [0.1, 0.3]],
    ])
  func edges(means: [[Double]]) throws {
    for d in [1, 2] {
      for spread in [0.0, 1] {
        let table = MomentsTable(
          means: means.map { Array($0.prefix(d)) }, m2: means.map { _ in spread * Double(d) },
          withinScatter: unitVectors(d).map { $0.map { $0 * spread * Double(means.count) } })
        let measures = try measure(table, classifier: Matrix(means.map { Array($0.prefix(d)) }))
        for measurement in measures.measurements where measurement.entry.family == .spectra {
          let value = measurement.number(.value)
          #expect(value.map(\.isFinite) ?? (measurement.reason != nil), "\(measurement.id)")
        }
        if means[0] == means.last { #expect(try measures.scalar("between_stable_rank") == nil) }
        if spread == 0 { #expect(try measures.scalar("within_stable_rank") == nil) }
      }
    }
  }

  @Test("An offset of a million changes nothing but what is of the uncentred features")
  func offset() throws {
    let means = Matrix.random(30, 4, seed: 4).vectors.map { $0.map { ($0 * 0x1p20).rounded() * 0x1p-20 } }
    let scatter = MomentsTable.random(1, 4).withinScatter?.vectors
    let plain = try measure(MomentsTable(means: means, withinScatter: scatter))
    let shifted = try measure(MomentsTable(means: means.map { $0.map { $0 + 1e6 } }, withinScatter: scatter))
    for (a, b) in zip(plain.spectra, shifted.spectra) {
      for (x, y) in zip(a.eigenvalues, b.eigenvalues) { #expect(abs(x - y) <= 1e-11 * a.eigenvalues[0]) }
    }
    #expect(deviation(try shifted.scalar("mean_share"), 1) < 1e-9)
  }

  @Test("The products of a head's rows add up in any runs; a row that is not finite leaves none")
  func headGram() throws {
    let head = Matrix.random(50, 6, seed: 8)
    var (one, many) = (HeadGram(threads: 1), HeadGram(threads: 1))
    try one.add(head)
    for rows in [0..<20, 20..<21, 21..<50] { try many.add(head.selecting(Array(rows))) }
    let (a, b) = (try #require(one.matrix), try #require(many.matrix))
    for (x, y) in zip(a.elements, b.elements) { #expect(abs(x - y) < 1e-13) }
    try many.add(Matrix([[0, 0, 0, 0, 0, 0], [0, 0, .infinity, 0, 0, 0]]))
    try many.add(head)
    #expect(many.matrix == nil && many.badRow == 51)
  }

  @Test("Groups of classes have no spectra, and their other statistics are unchanged")
  func groups() throws {
    let table = MomentsTable.random(20, 4)
    let selection = try ClassSelection(table)
    var options = GeometryOptions()
    let grouping = try ClassGrouping.bands(2, of: selection)
    let plain = try GroupMeasures(of: grouping, in: selection, options: options)
    options.hasSpectra = true
    #expect(try GroupMeasures(of: grouping, in: selection, options: options) == plain)
  }
}
