import Testing

@testable import Study
@testable import Support

@Suite("Studies as JSON")
struct StudyJSONTests {
  private func json(_ change: (inout StudyOptions) -> Void = { _ in }) throws -> JSONValue {
    var options = StudyOptions()
    (options.permutations, options.bootstrap, options.properties) = (0, 0, ["twice = 2*x", "k"])
    change(&options)
    let text = "model,act,x,k,val_loss\na,p,1,7,3\nb,p,2,7,5\nc,p,4,7,9\nd,q,,7,5\n"
    return try Study(of: try Table(csv: Array(text.utf8), file: "t.csv"), options).json
  }

  @Test("It has models, the target's values and every numeric column, with null for missing cells")
  func table() throws {
    let json = try json { $0.target = "1 / (x - 1)" }
    #expect(json["models"] == ["a", "b", "c", "d"])
    let target = try #require(json["target"])
    #expect(target["name"] == "1 / (x - 1)")
    #expect(target["values"] == [.null, .number(1), .number(1 / 3.0), .null])
    #expect(json["columns"]?["x"] == [.number(1), .number(2), .number(4), .null])
    guard case .object(let columns)? = json["columns"] else {
      throw StudyError(expected: "", found: "", advice: "")
    }
    #expect(columns.map(\.key) == ["x", "k", "val_loss"])
  }

  @Test("A property has its values and its numbers; undefined ones are null")
  func properties() throws {
    guard case .array(let properties)? = try json()["properties"] else {
      Issue.record("no properties")
      return
    }
    #expect(properties.map { $0["name"] } == ["twice", "k"])
    #expect(properties[0]["expression"] == "2*x" && properties[0]["n"] == .integer(3))
    #expect(properties[0]["values"] == [.number(2), .number(4), .number(8), .null])
    guard case .number(let slope)? = properties[0]["slope"], case .number(let intercept)? = properties[0]["intercept"]
    else {
      Issue.record("no line")
      return
    }
    // Loss is 2x + 1.
    #expect(abs(slope - 1) < 1e-14 && abs(intercept - 1) < 1e-14)
    for name in ["r2_low", "p_holm", "partial"] { #expect(properties[0][name] == .null) }
    for name in ["pearson", "spearman", "r2", "slope", "p"] { #expect(properties[1][name] == .null, "\(name)") }
    #expect(properties[1]["remarks"] == ["undefined: the property is the same for all models, or too large"])
  }

  @Test("Groups have their properties without the values; groups without results have only a remark")
  func groups() throws {
    let json = try json { $0.groups = ["act"] }
    guard case .array(let groups)? = json["groups"], case .array(let properties)? = groups[0]["properties"] else {
      Issue.record("no groups")
      return
    }
    #expect(groups.count == 1 && groups[0]["by"] == "act" && groups[0]["value"] == "p")
    #expect(properties.count == 2 && properties[0]["n"] == .integer(3) && properties[0]["values"] == nil)
    #expect(json["remarks"] == ["1 of 2 groups by act left out (fewer than 3 models): q"])
  }

  @Test("It says how the study was made")
  func options() throws {
    let json = try json {
      $0.title = "T"
      ($0.permutations, $0.bootstrap, $0.seed) = (9, 8, -7)
      $0.given = ["x"]
      $0.selection = Selection(patterns: ["[a-d]"], conditions: ["x < 9"])
    }
    #expect(json["title"] == "T" && json["given"] == ["x"] && json["level"] == .number(0.95))
    #expect(json["permutations"] == .integer(9) && json["bootstrap"] == .integer(8) && json["seed"] == .integer(-7))
    #expect(json["selection"] == ["rows": ["[a-d]"], "where": ["x < 9"]])
    #expect(json["models"] == ["a", "b", "c"])
  }
}
