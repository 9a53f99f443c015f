import Foundation
import Testing

@testable import Support

@Suite("JSON values")
struct JSONValueTests {
  @Test("An object keeps the order of its members, one per line, indented by one space per level")
  func layout() {
    let value: JSONValue = [
      "b": .integer(2),
      "a": ["mean": .number(0.5), "std": .null],
      "list": [.boolean(true), "x"],
    ]
    #expect(
      value.text == """
        {
         "b": 2,
         "a": {
          "mean": 0.5,
          "std": null
         },
         "list": [
          true,
          "x"
         ]
        }

        """)
  }

  @Test("Empty objects and arrays take no lines")
  func empty() {
    #expect(JSONValue.object([]).text == "{}\n")
    #expect(JSONValue.array([]).text == "[]\n")
  }

  @Test("Numbers have the fewest digits that read back the same")
  func numbers() {
    #expect(JSONValue.number(0.1).text == "0.1\n")
    #expect(JSONValue.number(1).text == "1.0\n")
    #expect(JSONValue.number(1e-300).text == "1e-300\n")
    #expect(JSONValue.number(.pi * 1e20).text == "3.1415926535897933e+20\n")
  }

  @Test("NaN and the infinities become null")
  func nonfinite() {
    for number in [Double.nan, .infinity, -.infinity] { #expect(JSONValue.number(number).text == "null\n") }
  }

  @Test("Quotes, backslashes and control characters are escaped, other characters are not")
  func escapes() {
    #expect(JSONValue.string("a\"b\\c\n\r\t\u{1}\u{1f}é→").text == #""a\"b\\c\n\r\t\u0001\u001fé→""# + "\n")
  }

  @Test("A member is found by its key")
  func members() {
    let value: JSONValue = ["a": .integer(1), "b": .integer(2)]
    #expect(value["b"] == .integer(2))
    #expect(value["c"] == nil)
    #expect(JSONValue.null["a"] == nil)
  }

  @Test("On one line it is the same document")
  func line() throws {
    let value: JSONValue = [
      "a": .array([.integer(1), .number(2.5), .null]), "b": .object([.init("c\n\"", .string("d\u{1}\nß"))]),
      "e": .array([]), "f": .boolean(true), "g": .object([]),
    ]
    #expect(!value.line.contains("\n"))
    let (line, text) = (try parse(value.line), try parse(value.text))
    #expect(line.isEqual(text) && line.count == 5)
  }

  private func parse(_ text: String) throws -> NSDictionary {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
  }
}
