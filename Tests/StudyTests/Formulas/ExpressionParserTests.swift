import Testing

@testable import Study

@Suite("Parsing of formulas")
struct ExpressionParserTests {
  private typealias Node = Expression.Node

  private func parse(_ text: String) throws -> Node {
    var parser = ExpressionParser(text)
    return try parser.expression()
  }

  private let a = Node.column("a")
  private let b = Node.column("b")
  private let c = Node.column("c")

  @Test("Sums and products associate to the left, powers to the right")
  func leaning() throws {
    #expect(try parse("a-b-c") == .binary("-", .binary("-", a, b), c))
    #expect(try parse("a/b*c") == .binary("*", .binary("/", a, b), c))
    #expect(try parse("a^b^c") == .binary("^", a, .binary("^", b, c)))
    #expect(try parse("a-(b-c)") == .binary("-", a, .binary("-", b, c)))
  }

  @Test("A power binds tighter than a sign, a sign tighter than a product, a product tighter than a sum")
  func binding() throws {
    #expect(try parse("a+b*c") == .binary("+", a, .binary("*", b, c)))
    #expect(try parse("a*b+c") == .binary("+", .binary("*", a, b), c))
    #expect(try parse("-a^b") == .negative(.binary("^", a, b)))
    #expect(try parse("a^-b^c") == .binary("^", a, .negative(.binary("^", b, c))))
    #expect(try parse("-a*b") == .binary("*", .negative(a), b))
    #expect(try parse("a - -+b") == .binary("-", a, .negative(b)))
    #expect(try parse("(a+b)^c") == .binary("^", .binary("+", a, b), c))
  }

  @Test("A letter begins a name, a parenthesis after it makes a function, backquotes hold any name")
  func names() throws {
    #expect(try parse("log") == .column("log"))
    #expect(try parse("log (a)") == .call("log", a))
    #expect(try parse("log10(sqrt(a))") == .call("log10", .call("sqrt", a)))
    #expect(try parse("_x.1y") == .column("_x.1y"))
    #expect(try parse("`a + b(`*c") == .binary("*", .column("a + b("), c))
    #expect(try parse("größe²") == .column("größe²"))
  }

  @Test("Numbers have exponents of either sign, and end before a sign that is not part of an exponent")
  func numbers() throws {
    for (text, number) in [("12", 12), ("1.5", 1.5), (".5", 0.5), ("1e3", 1e3), ("1E-3", 1e-3), ("2e+1", 20)] {
      #expect(try parse(text) == .number(number), "\(text)")
    }
    #expect(try parse("1-2") == .binary("-", .number(1), .number(2)))
    #expect(try parse("1e1-2") == .binary("-", .number(10), .number(2)))
  }

  @Test(
    "A mistake is reported with its position",
    arguments: [
      ("", 1), ("a +", 4), ("a + * b", 5), ("(a", 3), ("a)", 2), ("a b", 3), ("1.2.3", 1), ("lgo(a)", 1), ("`a", 1),
      ("``", 1), ("a $ b", 3), ("sqrt()", 6), ("  2a", 3), ("a ^", 4), ("1e999", 1), ("a * (b + 1e)", 10), ("é²(a)", 1),
    ])
  func wrong(text: String, position: Int) {
    let error = #expect(throws: StudyError.self) { try parse(text) }
    #expect(error?.diagnosis.position == "character \(position) of “\(text)”")
  }

  @Test("It says what was found, and what was expected")
  func words() {
    let sign = #expect(throws: StudyError.self) { try parse("a b") }
    #expect(sign?.diagnosis.expected == "an operator or the end" && sign?.diagnosis.found == "“b”")
    let end = #expect(throws: StudyError.self) { try parse("(a ") }
    #expect(end?.diagnosis.expected == "“)”" && end?.diagnosis.found == "the end")
    let function = #expect(throws: StudyError.self) { try parse("ln(a)") }
    #expect(function?.diagnosis.expected == "one of the functions log, log10, abs, sqrt")
  }

  @Test("A name within 99 signs or parentheses is read, within 100 it is not; nor are 2 001 characters")
  func limits() throws {
    func nested(_ part: String, _ count: Int, _ end: String) -> String {
      String(repeating: part, count: count) + "a" + String(repeating: end, count: count)
    }
    for (part, end) in [("(", ")"), ("-", ""), ("a^", ""), ("abs(", ")")] {
      #expect(throws: Never.self) { _ = try parse(nested(part, 99, end)) }
      #expect(throws: StudyError.self) { _ = try parse(nested(part, 100, end)) }
    }
    #expect(try parse(String(repeating: "a", count: 2_000)) == .column(String(repeating: "a", count: 2_000)))
    #expect(throws: StudyError.self) { _ = try parse(String(repeating: "a", count: 2_001)) }
  }

  @Test("Parentheses nested to any depth do not crash")
  func deep() {
    for count in [900, 100_000] {
      for part in ["(", "-", "a^", "log("] {
        #expect(throws: StudyError.self) { _ = try parse(String(repeating: part, count: count) + "a") }
      }
    }
  }
}
