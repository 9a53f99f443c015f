import Testing

@testable import Study
@testable import Support

@Suite("Groups without results")
struct SkippedGroupsTests {
  private func study(_ rows: [String], by groups: [String], _ properties: [String] = ["x"]) throws -> Study {
    var options = StudyOptions()
    (options.permutations, options.bootstrap, options.groups, options.properties) = (99, 50, groups, properties)
    let text = "model,width,seed,x,y,val_loss\n" + rows.map { $0 + "\n" }.joined()
    return try Study(of: Table(csv: Array(text.utf8), file: "t.csv"), options)
  }

  @Test("Groups without a statistic are named once per column, with the reason, and every other group is kept")
  func named() throws {
    let rows = (0..<16).map { "m\($0),\($0 < 4 ? 64 : 128),\($0),\($0 * 5 % 16),1,\($0 * 3 % 16)" }
    let found = try study(rows, by: ["width", "seed"])
    #expect(found.groups.map(\.value) == ["64", "128"])
    #expect(
      found.remarks == [
        "16 of 16 groups by seed left out (fewer than 3 models): 0; 1; 2; 3; 4; 5; 6; 7; 8; 9; and 6 more"
      ])
    let lines = found.text(.table).split(separator: "\n")
    #expect(lines.count == 3 * 2 + 1 && lines.last?.hasPrefix("16 of 16") == true)
    #expect(found.text(.csv).split(separator: "\n").count == 1 + 3)
    #expect(found.json["remarks"] == .array(found.remarks.map(JSONValue.string)))
  }

  @Test("A group is kept if one property is defined, and each reason has its own line")
  func reasons() throws {
    let rows =
      (0..<3).map { "a\($0),1,1,\($0 * $0),1,\($0)" } + (0..<3).map { "b\($0),2,1,7,1,\($0)" }
      + (0..<3).map { "c\($0),3,1,\($0),1,5" } + ["d,4,1,1,1,1"]
    let found = try study(rows, by: ["width"], ["x", "y"])
    #expect(found.groups.map(\.value) == ["1"])
    #expect(
      found.groups[0].findings.map(\.undefined) == [nil, "the property is the same for all models, or too large"])
    #expect(
      found.remarks == [
        "1 of 4 groups by width left out (the property is the same for all models, or too large): 2",
        "1 of 4 groups by width left out (the target is the same for all models, or too large, or the property is the same "
          + "for all models, or too large): 3",
        "1 of 4 groups by width left out (fewer than 3 models): 4",
      ])
  }
}
