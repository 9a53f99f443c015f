import TestSupport
import Testing

@testable import Formats
@testable import Geometry
@testable import Report
@testable import Vocabulary

@Suite("The columns of a class table for pages and figures")
struct ClassTableTextsTests {
  @Test("A column without numbers counts as missing")
  func columns() throws {
    let rows = try ClassTable(csv: "token,text,count,norm,x\n3,\" a,\"\"b\",2,,nan\n5,7,1e3,,inf\n")
    #expect(
      rows.texts(.named("text")) == [" a,\"b", "7"] && rows.numbers(.named("text")) == nil
        && rows.texts(.named("token")) == nil)
    #expect(
      rows.numbers(.named("token")) == [3, 5] && rows.numbers(.named("count")) == [2, 1000]
        && rows.numbers(.named("norm")) == nil)
    #expect(rows.numbers(.named("x"))?.last == .infinity && rows.numbers(.named("y")) == nil)
  }

  @Test("Texts of a tokenizer come after their tokens, if the table has none")
  func naming() throws {
    let tokenizer = try Tokenizer(Places.sample + "/tokenizer.json")
    let named = try ClassTable(csv: "token,count,nearest_token\n257,1,500\n2047,2,\n99999,3,1.5\n").naming(tokenizer)
    #expect(named.columns.map(\.name) == ["token", "text", "count", "nearest_token", "nearest_text"])
    #expect(
      named.texts(.named("text")) == ["th", "Yea", ""] && named.texts(.named("nearest_text")) == [" children", "", ""])
    let own = try ClassTable(csv: "token,text,count\n257,x,1\n")
    #expect(own.naming(tokenizer) == own)
  }
}

extension ClassTable {
  /// Texts of a column; nil if it is missing.
  fileprivate func texts(_ entry: ClassColumnEntry) -> [String]? {
    guard let column = self[entry], entry.kind == .text else { return nil }
    return column.texts.map { $0 ?? "" }
  }
}
