import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("NPY header")
struct NPYHeaderTests {
  /// The headers of all arrays in a file with these bytes; elements are skipped.
  private func headers(_ bytes: [UInt8], compressed: Bool = false) throws -> [ArrayHeader] {
    let folder = try TemporaryFolder()
    let cursor = try ArrayCursor.open(folder.write("a", compressed ? Zstd.frame(bytes) : bytes))
    var headers: [ArrayHeader] = []
    while let header = try cursor.nextHeader() {
      headers.append(header)
      guard try cursor.skip(header.byteCount) == header.byteCount else { throw cursor.truncated("elements") }
    }
    return headers
  }

  private func header(_ text: String) throws -> ArrayHeader {
    try NPYHeader.parse(text, file: "a.npy", place: ArrayPlace(offset: 0, isPlainFile: true))
  }

  private func text(descr: String = "'<f4'", order: String = "False", shape: String = "(2, 3)") -> String {
    "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
  }

  @Test("Versions 1, 2 and 3 are read", arguments: [1, 2, 3] as [UInt8])
  func versions(version: UInt8) throws {
    let found = try headers(NPY.array("<f4", [2, 3], Array(repeating: 0, count: 24), version: version))
    #expect(found.map(\.shape) == [[2, 3]])
    #expect(found[0].type == ElementType(kind: .float, width: 4))
    #expect(found[0].byteCount == 24 && !found[0].isColumnMajor)
    #expect(found[0].summary == "float32 of shape (2, 3)")
  }

  @Test("Other versions are refused by number", arguments: [0, 4, 255] as [UInt8])
  func otherVersions(version: UInt8) {
    var bytes = NPY.array("<f4", [1], [0, 0, 0, 0])
    bytes[6] = version
    expectError(.badHeader, position: "byte 0", mentioning: "version \(version)") { _ = try headers(bytes) }
  }

  @Test("Shapes of any rank are read")
  func shapes() throws {
    #expect(try header(text(shape: "()")).shape == [])
    #expect(try header(text(shape: "()")).byteCount == 4)
    #expect(try header(text(shape: "(7,)")).shapeText == "(7,)")
    #expect(try header(text(shape: "[7]")).shape == [7])
    #expect(try header(text(shape: "(2, 3, 4)")).byteCount == 96)
    #expect(try header(text(shape: "(0, 3)")).byteCount == 0)
  }

  @Test("Column-major order matters from two dimensions on")
  func order() throws {
    #expect(try header(text(order: "True")).isColumnMajor)
    #expect(try !header(text(order: "True", shape: "(3,)")).isColumnMajor)
  }

  @Test("Keys may come in any order, and other keys are allowed")
  func keys() throws {
    let found = try header("{'shape':(1,),'x':None,\"fortran_order\":False,'descr':'|u1'}")
    #expect(found.shape == [1] && found.type == ElementType(kind: .unsigned, width: 1))
  }

  @Test(
    "Anything but a dictionary with descr, fortran_order and shape is refused",
    arguments: [
      "", "{}", "[]", "import os", "{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4', 'shape': (1,)}",
      "{'fortran_order': False, 'shape': (1,)}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': ('3',)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} trailing",
    ])
  func malformed(text: String) {
    expectError(.badHeader, file: "a.npy", position: "byte 0") { _ = try header(text) }
  }

  @Test(
    "A shape whose bytes overflow is refused",
    arguments: [
      "(4611686018427387904,)", "(1099511627776, 1099511627776)", "(9223372036854775807, 9223372036854775807)",
    ])
  func overflow(shape: String) {
    expectError(.badHeader, mentioning: "more bytes than can be addressed") { _ = try header(text(shape: shape)) }
    expectError(.badHeader) { _ = try header(text(shape: "(99999999999999999999,)")) }
  }

  @Test("A claim of 2^60 rows is refused before memory is allocated, in a plain file and in a compressed one")
  func hugeClaim() {
    let bytes = NPY.array("|i1", [1 << 60], [1, 2, 3])
    expectError(.truncated, position: "byte 0", mentioning: "\(1 << 60)", "found 3") { _ = try headers(bytes) }
    expectError(.truncated) { _ = try headers(bytes, compressed: true) }
  }

  @Test("Objects, structures, strings, complex numbers and Booleans are refused by name")
  func unsupported() {
    for descr in ["'|O'", "'O'"] {
      expectError(.unsupportedType, mentioning: "object") { _ = try header(text(descr: descr)) }
    }
    for descr in ["[('x', '<i4'), ('y', '<f4')]", "('<f4', (3,))", "None", "4"] {
      expectError(.unsupportedType, mentioning: "structured dtype") { _ = try header(text(descr: descr)) }
    }
    for descr in ["<U8", "|S3", "<c8", "|b1", "<M8[ns]", "<f16", "<i3", "", "<", "|V4"] {
      expectError(.unsupportedType, mentioning: "“\(descr)”") { _ = try header(text(descr: "'\(descr)'")) }
    }
  }

  @Test("A header nested a thousand deep is refused")
  func nested() {
    let shape = String(repeating: "(", count: 1_000) + String(repeating: ",)", count: 1_000)
    expectError(.badHeader) { _ = try headers(NPY.array(header: text(shape: shape), version: 2)) }
  }

  @Test("A header of 64 KiB is read; a longer one is refused because of its length")
  func longHeader() throws {
    let padded = text(shape: "(0,)") + String(repeating: " ", count: (1 << 16) - 100 - text(shape: "(0,)").utf8.count)
    #expect(try headers(NPY.array(header: padded, version: 2)).map(\.shape) == [[0]])
    for length in [(1 << 16) + 1, 0x7FFF_FFFF, 0xFFFF_FFFF] {
      expectError(.badHeader, position: "byte 0", mentioning: "\(length)") {
        _ = try headers(NPY.preamble(version: 2, length: length) + [0x7B])
      }
    }
  }

  @Test("Bytes that are not text are not a header")
  func noText() {
    let bytes = NPY.preamble(version: 1, length: 64) + Array(repeating: 0xFF, count: 64)
    expectError(.badHeader) { _ = try headers(bytes) }
  }
}
