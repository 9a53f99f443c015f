import Testing

@testable import Study

@Suite("Properties")
struct PropertyTests {
  @Test("A name comes before an equals sign; without one, the formula is the name")
  func properties() throws {
    #expect(try Property("a b = x / y").name == "a b")
    #expect(try Property(" x / y ").name == "x / y")
    #expect(try Property("=x").name == "x")
    #expect(try Property("`lr=1` / x").name == "`lr=1` / x")
    #expect(try Property("ratio = `lr=1` / x").expression.text == "`lr=1` / x")
    #expect(throws: StudyError.self) { try Property("a=") }
  }

  @Test("An invalid formula is an error, named or not; surrounding spaces are ignored")
  func wrong() throws {
    for text in ["", "=", "a=b=", "a = b = c", "x /"] {
      #expect(throws: StudyError.self, "\(text)") { try Property(text) }
    }
    let property = try Property("  CDNV =\t a / b ")
    #expect(property.name == "CDNV" && property.expression.text == "a / b")
    #expect("\t a b \n".trimmingSpaces == "a b" && "  ".trimmingSpaces.isEmpty)
  }
}
