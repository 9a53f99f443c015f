import Testing

@testable import Geometry

@Suite("Columns of classes")
struct ClassColumnTests {
  @Test("Undefined values are empty; numbers read back the same")
  func numbers() throws {
    #expect(ClassColumn("a", .integers([3, nil, 0])).fields == ["3", "", "0"])
    let numbers: [Double?] = [0.1, 1.0 / 3, .leastNonzeroMagnitude, 1e300]
    #expect(ClassColumn("b", .numbers(numbers)).fields.map { Double($0) } == numbers)
  }

  @Test(
    "Texts are quoted where a reader needs it",
    arguments: [
      ("the", "the"), (" the", "\" the\""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("", "\"\""),
      ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("\\n", "\\n"), ("é", "é"), ("\"\u{301}", "\"\"\"\u{301}\""),
    ])
  func texts(text: String, field: String) throws {
    #expect(ClassColumn("c", .texts([text, nil])).fields.map { Array($0.utf8) } == [Array(field.utf8), []])
  }

  @Test("What was quoted reads back the same by the rules of RFC 4180")
  func roundTrip() {
    let texts = [" the", "\"", "\"\"", ",", "a,\"b\"", "\n", "\r\n", "", "plain", " ", "\"\u{301}", "日本,"]
    let line = ClassColumn("c", .texts(texts)).fields.joined(separator: ",")
    #expect(Self.parse(line).map { Array($0.utf8) } == texts.map { Array($0.utf8) })
  }

  /// The fields of one record, byte by byte.
  private static func parse(_ record: String) -> [String] {
    var (fields, field, isQuoted) = ([[UInt8]](), [UInt8](), false)
    let bytes = Array(record.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted, byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
        field.append(byte)
        index += 1
      } else if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == 0x2C, !isQuoted {
        fields.append(field)
        field = []
      } else {
        field.append(byte)
      }
      index += 1
    }
    return (fields + [field]).map { String(decoding: $0, as: UTF8.self) }
  }
}
