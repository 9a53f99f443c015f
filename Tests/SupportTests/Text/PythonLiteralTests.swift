import Testing

@testable import Support

@Suite("Python literals")
struct PythonLiteralTests {
  @Test("The header NumPy writes is a dictionary of descr, fortran_order and shape")
  func header() {
    let literal = PythonLiteral("{'descr': '<f2', 'fortran_order': False, 'shape': (4096, 576), }          \n")
    #expect(
      literal
        == .dictionary([
          "descr": .string("<f2"), "fortran_order": .bool(false), "shape": .sequence([.int(4096), .int(576)]),
        ]))
  }

  @Test(
    "Each kind of literal is read",
    arguments: [
      ("'a'", .string("a")), ("\"it's\"", .string("it's")), ("''", .string("")), ("'é'", .string("é")),
      ("True", .bool(true)), ("False", .bool(false)), ("None", PythonLiteral.none),
      ("0", .int(0)), ("-17", .int(-17)), ("+17", .int(17)), ("3L", .int(3)), ("9223372036854775807", .int(.max)),
      ("()", .sequence([])), ("(3,)", .sequence([.int(3)])), ("[1, 2 , ]", .sequence([.int(1), .int(2)])),
      ("{}", .dictionary([:])), (" \t\r\n{ 'a' : ( ) }\n", .dictionary(["a": .sequence([])])),
      ("np.int64(5)", .int(5)), ("numpy.uint32( 7 )", .int(7)), ("np.True_", .bool(true)),
      ("np.bool_(False)", .bool(false)), ("np.str_('<f4')", .string("<f4")), ("np . longlong(3)", .int(3)),
      ("(np.int64(4096), 576)", .sequence([.int(4096), .int(576)])),
      (
        "[('x', '<i4'), ('y', '<f4', (2,))]",
        .sequence([
          .sequence([.string("x"), .string("<i4")]),
          .sequence([.string("y"), .string("<f4"), .sequence([.int(2)])]),
        ])
      ),
    ] as [(String, PythonLiteral)])
  func literals(text: String, value: PythonLiteral) {
    #expect(PythonLiteral(text) == value)
  }

  @Test(
    "Anything else is not a literal",
    arguments: [
      "", " ", "{", "}", "(", "[1", "(1", "(1]", "'a", "\"a'", "'a\\n'", "{'a'}", "{'a':}", "{'a': 1,, }", "{,}", "(,)",
      "{1: 2}", "{'a': 1 'b': 2}", "{'a': 1, 'a': 2}", "1 2", "1.5", "0x10", "1e3", "--1", "-", "true", "L",
      "9223372036854775808", "__import__('os')", "lambda: 0", "b'a'", "'a' 'b'", "{'a': 1} x", "(1 2)", "\u{0}", "𝟙",
      "np", "np.", "np.int64", "np.int64()", "np.int64(5", "np.int64('5')", "np.float64(5)", "np.float64(5.0)",
      "np.str_(5)", "np.int64(np.int64(5))", "os.int64(5)", "np.int64(5, 6)", "np.True", "1_000",
    ])
  func refused(text: String) {
    #expect(PythonLiteral(text) == nil)
  }

  @Test("Nesting beyond eight levels is refused, however deep it goes", arguments: [9, 10, 1_000, 60_000])
  func deep(depth: Int) {
    #expect(PythonLiteral(String(repeating: "(", count: depth) + String(repeating: ",)", count: depth)) == nil)
    #expect(PythonLiteral(String(repeating: "{'a':", count: depth)) == nil)
  }

  @Test("Nesting of eight levels is read")
  func eight() {
    #expect(PythonLiteral(String(repeating: "[", count: 8) + String(repeating: "]", count: 8)) != nil)
  }
}
