import Testing

@testable import Study

@Suite("Names of columns")
struct ColumnNamesTests {
  private let names = ColumnNames(["val-loss", "eval/loss", "eval/loss (max)", "size, in M", "x", "2,3", "lr=1"])

  @Test(
    "Lists are split at commas, but not within backquotes",
    arguments: [
      ("a,b", ["a", "b"]), (" `a,b` / c , d", ["`a,b` / c", "d"]), ("`,`", ["`,`"]), ("a,,b,", ["a", "b"]), ("", []),
      ("`a,b", ["`a,b"]), ("log(`x, y`),`x, y`", ["log(`x, y`)", "`x, y`"]),
    ])
  func lists(text: String, parts: [String]) {
    #expect(ColumnNames().list(text) == parts)
  }

  @Test(
    "A comma in a column's name does not split a list",
    arguments: [
      ("size, in M", ["size, in M"]), ("x,size, in M,y", ["x", "size, in M", "y"]), ("size, in", ["size", "in"]),
      ("2,3", ["2,3"]), ("2,3,x", ["2", "3", "x"]), ("log(size, in M)", ["log(size, in M)"]),
      ("resize, in M", ["resize", "in M"]),
    ])
  func commas(text: String, parts: [String]) {
    #expect(names.list(text) == parts)
  }

  @Test("The longest name at a place counts, unless it would cut a word")
  func longest() {
    func length(_ text: String, _ place: Int = 0) -> Int? { names.length(at: place, in: Array(text)) }
    #expect(length("val-loss") == 8 && length("val-loss*2") == 8 && length("eval/loss (max)") == 15)
    #expect(length("eval/loss (min)") == 9 && length("eval/losses") == nil && length("eval/loss_2") == nil)
    #expect(length("eval/loss", 1) == nil && length("-val-loss", 1) == 8)
    // Plain names need no help, and one that starts with a digit would take numbers apart.
    #expect(length("x") == nil && length("2,3") == nil)
  }

  @Test("Signs within a name are not signs")
  func signs() {
    func sign(_ text: String) -> Int? {
      names.firstSign(in: text[...], among: "<=>").map { text.distance(from: text.startIndex, to: $0) }
    }
    #expect(sign("lr=1") == nil && sign(" lr=1 ") == nil && sign("lr=1 = x") == 5 && sign("lr=10") == 2)
    #expect(sign("`lr=2` > 3") == 7)
  }

  @Test("A name loses the backquotes around it, and no others")
  func unquoted() {
    #expect(["a", "`a`", "`a", "``", "`"].map(ColumnNames.unquoted) == ["a", "a", "`a", "``", "`"])
  }
}
