import Testing

@testable import Plan
@testable import Stages
@testable import Support

@Suite("Collected tables")
struct CollectedTableTests {
  private func table(_ rows: (String, [MatrixValue], String)...) throws -> CollectedTable {
    CollectedTable(
      try rows.map { name, values, json in
        .init(name: name, values: values, measures: try JSONValue(parsing: Array(json.utf8)))
      })
  }

  @Test("Every number is a column, those of an object under its name; texts, arrays and provenance are left out")
  func numbers() throws {
    let json = """
      {"tokens": 7, "a": 0.1, "pairs": {"mean": 1e-9, "std": null}, "bands": [{"a": 1}], "note": "x",
       "provenance": {"min_count": 1}}
      """
    #expect(try table(("m.json", [], json)).csv == "name,tokens,a,pairs_mean,pairs_std\nm.json,7,0.1,1e-09,\n")
  }

  @Test("Errors and bias follow their number, and are no columns of their own")
  func errors() throws {
    let json = """
      {"tokens": 7, "q": 2, "norm": {"mean": 3, "cv": 0.5}, "standard_errors": {"q": 0.25, "norm": {"cv": 0.125}},
       "jackknife_bias": {"norm": {"cv": -1}}, "analytic_errors": {"q": 9}, "remarks": [{"id": "x", "text": "y"}]}
      """
    #expect(
      try table(("a", [], json), ("b", [], #"{"tokens": 8, "q": 1}"#)).csv == """
        name,tokens,q,q_standard_error,norm_mean,norm_cv,norm_cv_standard_error,norm_cv_jackknife_bias
        a,7,2,0.25,3,0.5,0.125,-1.0
        b,8,1,,,,,

        """)
  }

  @Test("The last columns identify the state and the heads, as far as they are recorded")
  func origin() throws {
    let json = """
      {"tokens": 7, "provenance": {"head_digest": "h", "moments_checksum": "m", "tool": "x", "min_count": 1}}
      """
    #expect(
      try table(("a", [], json), ("b", [], #"{"tokens": 8}"#)).csv
        == "name,tokens,moments_checksum,head_digest\na,7,m,h\nb,8,,\n")
  }

  @Test("Values of matrices come before the numbers, and are texts as written")
  func values() throws {
    let table = try table(
      ("a", [MatrixValue(name: "step", value: "010"), MatrixValue(name: "model", value: "x,y")], #"{"tokens": 1}"#),
      ("b", [MatrixValue(name: "step", value: "1e3")], #"{"tokens": 2}"#))
    #expect(table.csv == "name,step,model,tokens\na,010,\"x,y\",1\nb,1e3,,2\n")
  }

  @Test("Rows with different keys are combined, each key in the order of its row")
  func keys() throws {
    let table = try table(
      ("a", [], #"{"tokens": 1, "x": 1, "z": 1}"#), ("b", [], #"{"tokens": 2, "y": 2, "z": 2, "zz": 2}"#))
    #expect(table.csv == "name,tokens,y,x,z,zz\na,1,,1,1,\nb,2,2,,2,2\n")
  }

  @Test("A matrix name that a measurement also has is distinguished")
  func clash() throws {
    let values = [MatrixValue(name: "tokens", value: "1e9"), MatrixValue(name: "name", value: "small")]
    #expect(
      try table(("a", values, #"{"tokens": 3}"#)).csv == "name,matrix_tokens,matrix_name,tokens\na,1e9,small,3\n")
  }

  @Test("As JSON, a row is an object with every column")
  func json() throws {
    let table = try table(("a", [], #"{"tokens": 1}"#), ("b", [], #"{"tokens": 2, "x": 0.5}"#))
    #expect(
      table.json == [
        ["name": "a", "tokens": .integer(1), "x": .null], ["name": "b", "tokens": .integer(2), "x": .number(0.5)],
      ])
  }

  private let grouped = """
    {"tokens": 9, "classes": 3, "provenance": {"moments_checksum": "m"},
     "bands": [{"band": 1, "classes": 2, "smallest_count": 1, "largest_count": 1, "samples": 2, "measures": null,
                "reason": "x"},
               {"band": 2, "classes": 1, "smallest_count": 3, "largest_count": 4, "samples": 7,
                "measures": {"tokens": 9, "classes": 1, "selected_samples": 7, "nc1_cdnv": {"mean": 0.5}, "remarks": []}}],
     "types": [{"type": "word", "classes": 3, "smallest_count": 1, "largest_count": 4, "samples": 9,
                "measures": {"tokens": 9, "classes": 3, "selected_samples": 9}}]}
    """

  @Test("A group's row has its label and sizes, then its numbers; bands come before types")
  func groups() throws {
    let row = CollectedTable.Row(
      name: "m.json", values: [MatrixValue(name: "band", value: "x")],
      measures: try JSONValue(parsing: Array(grouped.utf8)))
    let table = CollectedTable(row.groups)
    #expect(
      table.csv == """
        name,matrix_band,band,type,smallest_count,largest_count,samples,tokens,classes,selected_samples,nc1_cdnv_mean,moments_checksum
        m.json,x,1,,1,1,2,,2,,,m
        m.json,x,2,,3,4,7,9,1,7,0.5,m
        m.json,x,,word,1,4,9,9,3,9,,m

        """)
    #expect(CollectedTable.Row(name: "a", values: [], measures: ["tokens": .integer(1)]).groups.isEmpty)
  }

  @Test("A table of several rows names its columns that depend on the scale of features")
  func scale() throws {
    #expect(try table(("a", [], #"{"tokens": 1, "nc1_cdnv": {"mean": 1}}"#)).remarkOnScale == nil)
    let remark = try table(("a", [], #"{"tokens": 1, "nc1_cdnv_squared": {"mean": 1}}"#)).remarkOnScale
    #expect(remark?.hasPrefix("nc1_cdnv_squared changes with the scale of features") == true)
  }

  @Test("Without rows it has only the names of its columns")
  func empty() { #expect(CollectedTable([]).csv == "name\n") }
}
