import Testing

@testable import Study

@Suite("Studies")
struct StudyTests {
  private func study(_ text: String, _ change: (inout StudyOptions) -> Void = { _ in }) throws -> Study {
    var options = StudyOptions()
    (options.permutations, options.bootstrap, options.properties) = (500, 200, ["x"])
    change(&options)
    return try Study(of: try Table(csv: Array(text.utf8), file: "t.csv"), options)
  }

  @Test("Models that lack a cell are left out of that property only, and their number is reported")
  func missing() throws {
    let found = try study("model,x,y,val_loss\na,1,1,1\nb,2,,3\nc,NaN,4,2\nd,4,5,\ne,5,8,4\n") {
      $0.properties = ["x", "y", "log(x - 2)"]
    }
    #expect(found.findings.map(\.n) == [3, 3, 1])
    #expect(
      found.findings[0].remarks.prefix(2) == [
        "1 model left out: target missing or not finite",
        "1 model left out: property missing or not finite",
      ])
    #expect(found.findings[2].remarks.last == "undefined: fewer than 3 models")
    #expect(found.findings[0].values == [1, 2, nil, 4, 5])
  }

  @Test("Constants have no r, no p and no interval, and the remark says which side is constant")
  func constants() throws {
    let found = try study("model,x,y,val_loss\na,1,1,5\nb,1,2,5\nc,1,3,5\n") { $0.properties = ["x", "y"] }
    for (finding, side) in zip(found.findings, ["property", "target"]) {
      #expect(finding.correlation == nil && finding.p == nil && finding.interval == nil)
      #expect(finding.remarks == ["undefined: the \(side) is the same for all models, or too large"])
    }
    #expect(found.json["properties"].map { "\($0)".contains("nan") } == false)
  }

  @Test("Ties are reported")
  func ties() throws {
    let found = try study("model,x,val_loss\na,1,1\nb,1,2\nc,2,3\nd,3,3\n")
    #expect(
      found.findings[0].remarks.suffix(2) == [
        "ties: 3 distinct values of the property among 4", "ties: 3 distinct values of the target among 4",
      ])
  }

  @Test("A group's findings equal those of a study of its models alone")
  func groups() throws {
    let header = "model,width,x,val_loss\n"
    let small = "a,64,1,5\nb,64,2,3\nc,64,4,4\nd,64,3,1\n"
    let large = "e,256,1,9\nf,256.0,5,2\ng,256,2,4\nh,256,7,3\n"
    let all = try study(header + large + small + "i,,1,2\n") { $0.groups = ["width"] }
    #expect(all.groups.map(\.value) == ["64", "256"])
    #expect(all.groups[0].findings == (try study(header + small)).findings)
    #expect(all.groups[1].findings == (try study(header + large)).findings)
    #expect(all.remarks == ["1 model in no group by width: missing value"])
  }

  @Test("Several columns group models with equal values in all, numbers ascending, texts as in the table")
  func families() throws {
    let text = """
      model,layers,width,act,x,val_loss
      a,2,64,relu,1,5
      b,1,256,gelu,2,3
      c,1,64.0,relu,4,4
      d,1,64,gelu,3,1
      e,2,,relu,3,1
      f,1,64,relu,5,2

      """
    let numbers = try study(text) { $0.groups = ["layers, width"] }
    #expect(numbers.groups.map(\.value) == ["1, 64.0"])
    #expect(numbers.groups[0].findings[0].n == 3 && numbers.groups[0].column == "layers, width")
    #expect(
      numbers.remarks == [
        "1 model in no group by layers, width: missing value",
        "2 of 3 groups by layers, width left out (fewer than 3 models): 1, 256; 2, 64",
      ])
    let texts = try study(text) { $0.groups = ["act,layers"] }
    #expect(texts.remarks == ["3 of 3 groups by act, layers left out (fewer than 3 models): relu, 2; gelu, 1; relu, 1"])
    let comma = try study("model,\"a,b\",x,val_loss\nm,1,2,3\nn,1,3,5\no,1,4,4\n") { $0.groups = ["a,b"] }
    #expect(comma.groups.map(\.value) == ["1"])
    let quoted = try study("model,\"a,b\",c,x,val_loss\nm,1,7,2,3\nn,1,7,3,5\no,1,7,4,4\n") { $0.groups = ["`a,b`, c"] }
    #expect(quoted.groups.map(\.column) == ["a,b, c"] && quoted.groups.map(\.value) == ["1, 7"])
  }

  @Test("A grouping column that is not in the table is refused before anything is computed")
  func unknownGroups() throws {
    for by in ["widht", "width,widht", ","] {
      #expect(throws: StudyError.self) {
        try Study(
          of: Table(csv: Array("model,width,x,val_loss\na,1,1,1\nb,1,2,2\nc,1,3,4\n".utf8), file: "t"),
          options(by), checkCancellation: { Issue.record("computed") })
      }
    }
  }

  private func options(_ by: String) -> StudyOptions {
    var options = StudyOptions()
    options.properties = ["x"]
    options.groups = [by]
    return options
  }

  @Test("Holm's correction covers the properties that are defined")
  func holm() throws {
    let text = "model,x,y,k,val_loss\na,1,4,1,1\nb,2,1,1,2\nc,3,3,1,3\nd,4,2,1,4\ne,5,0,1,5\n"
    let found = try study(text) {
      $0.properties = ["x", "y", "k"]
      $0.holm = true
    }.findings
    #expect(found.map(\.adjustedP) == Holm.adjusted(found.map(\.p)))
    #expect(found[2].adjustedP == nil)
    #expect(try study(text).findings[0].adjustedP == nil)
  }

  @Test("A column's name wins over the formula it looks like, everywhere, and a remark says so if both would do")
  func names() throws {
    let text = """
      model,val,loss,val-loss,eval/loss,lr=1,"n, in M",2,x
      a,9,1,1,5,0,1,7,1
      b,2,5,2,3,1,5,1,4
      c,5,9,4,4,1,2,4,2
      d,4,3,3,1,0,7,2,8
      e,6,2,6,8,0,3,9,5
      f,1,7,5,2,0,6,3,3
      g,8,4,8,9,0,4,5,9

      """
    let plain = try study(
      text.replacingOccurrences(of: "val-loss", with: "v").replacingOccurrences(of: "eval/loss", with: "e")
    ) {
      ($0.target, $0.properties, $0.given) = ("v", ["e", "log(v) * e", "`2`"], ["`n, in M`", "x"])
    }
    let found = try study(text) {
      ($0.target, $0.properties) = ("val-loss", ["eval/loss", "log(val-loss) * eval/loss", "2"])
      $0.given = ["n, in M,x"]
    }
    #expect(found.findings.map(\.correlation) == plain.findings.map(\.correlation))
    #expect(found.findings.map(\.partial) == plain.findings.map(\.partial) && plain.findings[0].partial != nil)
    #expect(
      found.remarks == [
        "“val-loss” is read as the name of a column; with spaces around its signs it is a formula",
        "“2” is read as the name of a column; with spaces around its signs it is a formula",
      ])
    #expect(found.options.given == ["n, in M", "x"])
    let difference = try study(text) { ($0.target, $0.properties) = ("val - loss", ["x"]) }
    #expect(difference.target == [8, -3, -4, 1, 4, -6, 4] && difference.remarks.isEmpty)
    let selected = try study(text) {
      ($0.target, $0.selection.conditions) = ("`val-loss`", ["lr=1", "val-loss < 3"])
    }
    #expect(selected.models == ["b"])
    let grouped = try study(text) { ($0.target, $0.groups) = ("`val-loss`", ["lr=1", "n, in M"]) }
    #expect(grouped.groups.map(\.column) == ["lr=1"] && grouped.groups.map(\.value) == ["0"])
  }

  @Test("Standard properties are those whose columns exist; the others are named")
  func standard() throws {
    let text = "name,a,b,val_loss\na,1,2,4\nb,2,2,1\nc,5,3,2\n"
    let standard = ["A": "a", "B": "b / a", "C": "c"].sorted { $0.key < $1.key }.map {
      StandardProperty($0.key, formulas: [.init("own_\($0.value)"), .init($0.value)])
    }
    let found = try study(text) { ($0.properties, $0.standard) = ([], standard) }
    #expect(found.findings.map(\.property.expression.text) == ["a", "b / a"])
    #expect(found.remarks.first == "no columns for C")
    #expect(throws: StudyError.self) { try study("model,x,val_loss\na,1,2\n") { $0.properties = [] } }
  }
}
