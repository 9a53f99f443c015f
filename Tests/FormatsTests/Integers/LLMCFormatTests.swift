import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Token files of llm.c")
struct LLMCFormatTests {
  /// A file with this header, as llm.c's `write_datafile` lays it out.
  private func file(_ header: [Int32], _ tokens: [UInt8]) -> [UInt8] {
    NPY.bytes(of: header + [Int32](repeating: 0, count: 256 - header.count)) + tokens
  }

  private let short = NPY.bytes(of: (0..<1_000).map { UInt16(100 + $0 % 100) })
  private let long = NPY.bytes(of: (0..<1_000).map { UInt32(100 + $0 % 100) })

  private func csv(_ name: String, _ width: TokenWidth?) throws -> String {
    var counts = TokenCounts()
    try counts.add(file: name, width: width)
    return counts.csv
  }

  @Test("Both kinds are read by their headers, plain and in frames, whatever type is given")
  func kinds() throws {
    let folder = try TemporaryFolder()
    let expected = "token,count\n" + (100..<200).map { "\($0),10\n" }.joined()
    for (type, bytes) in [
      ("uint16", file([20_240_520, 1, 1_000], short)), ("uint32", file([20_240_801, 7, 1_000], long)),
    ] {
      for (name, container) in [
        (try folder.write("a.bin", bytes), "llm.c \(type)"),
        (try folder.write("a.bin.zst", Zstd.frame(bytes)), "llm.c \(type) in Zstandard"),
      ] {
        for width in [nil, TokenWidth.uint16, .uint32] {
          #expect(try csv(name, width) == expected)
          let tokens = try PositionOverview(tokens: name, width: width)
          #expect(tokens.positions == 1_000 && tokens.tokenRange == 100...199 && tokens.container == container)
        }
      }
      // Insisting counts the header too.
      #expect(try PositionOverview(tokens: folder.write("b.bin", bytes), width: .uint16, isRaw: true).classes > 100)
    }
    #expect(
      try PositionOverview(tokens: folder.write("c.bin", file([20_240_520, 1, 0], [])), width: nil).positions == 0)
  }

  @Test("Another version, questions, and headers that promise something else are refused")
  func refused() throws {
    let folder = try TemporaryFolder()
    func expect(_ kind: StreamError.Kind, _ word: String, _ bytes: [UInt8], isPacked: Bool = false) throws {
      let name = try folder.write("a.bin", isPacked ? Zstd.frame(bytes) : bytes)
      expectError(kind, file: name, mentioning: word) { _ = try csv(name, .uint16) }
      expectError(kind, file: name, mentioning: word) { _ = try PositionOverview(tokens: name, width: .uint16) }
    }
    try expect(.badHeader, "found version 2", file([20_240_520, 2, 1_000], short))
    try expect(.badHeader, "found version 1", file([20_240_801, 1, 1_000], long))
    try expect(.unsupportedType, "questions", file([20_240_522, 1, 10], short))
    try expect(.truncated, "header", Array(file([20_240_520, 1, 1_000], short)[..<1_000]))
    try expect(.truncated, "3024 bytes", file([20_240_520, 1, 1_000], Array(short.dropLast(2))))
    try expect(.truncated, "3024 bytes", file([20_240_520, 1, 1_000], short + [1, 0]))
    try expect(.badHeader, "found -1", file([20_240_520, 1, -1], short))
    try expect(.truncated, "999", file([20_240_520, 1, 1_000], Array(short.dropLast(2))), isPacked: true)
    try expect(.badOrder, "more data", file([20_240_520, 1, 1_000], short + [1, 0]), isPacked: true)
  }

  @Test("As a stream or a matrix it is named")
  func elsewhere() throws {
    let folder = try TemporaryFolder()
    let name = try folder.write("a.bin", file([20_240_520, 1, 1_000], short))
    for open in [{ _ = try readAll(name) }, { _ = try MatrixFile(TensorReference(name)) }] {
      expectError(.badOrder, file: name, mentioning: "llm.c uint16", "--tokens") { try open() }
    }
  }
}
