import Testing

@testable import Geometry
@testable import Moments

@Suite("Classifier agreement")
struct ClassifierAgreementTests {
  private let table = MomentsTable(means: [[1, 0], [-1, 0], [0, 2]], counts: [5, 3, 2])
  private let decisions = {
    var decisions = Decisions()
    decisions.add(labels: [0, 0, 1, 2, 77], model: [0, 1, 1, 0, 2], nearest: [0, 1, 2, 0, 0])
    return decisions
  }()

  @Test("Five samples, one of an unseen class, by hand")
  func byHand() throws {
    let json = try table.measure(decisions: decisions).json
    #expect(
      json["nc4"]
        == .object([
          .init("samples", .integer(5)), .init("hits", .integer(3)), .init("agreement", .number(0.6)),
          .init("accuracy", .number(0.4)), .init("ncc_accuracy", .number(0.2)),
        ]))
  }

  @Test("If classes are selected, only their samples count")
  func selected() throws {
    let measures = try table.measure(ClassFilter(minCount: 3), decisions: decisions)
    #expect(measures.json["nc4"]?["samples"] == .integer(3))
    #expect(measures.json["nc4"]?["hits"] == .integer(2))
    #expect(measures.classes["nc4_samples"]?.integers == [2, 1])
  }

  @Test("Without samples there is no share; without decisions there is nothing")
  func absent() throws {
    let measures = try table.measure(decisions: Decisions())
    #expect(measures.json["nc4"]?["agreement"] == .null)
    #expect(try table.measure()["nc4"] == nil)
  }

  @Test("The table of classes counts samples and hits for each")
  func classes() throws {
    let classes = try table.measure(decisions: decisions).classes
    #expect(classes[.decided]?.integers == [2, 1, 1] && classes[.agreed]?.integers == [2, 0, 1])
  }
}
