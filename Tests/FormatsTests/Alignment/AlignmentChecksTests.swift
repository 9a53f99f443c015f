import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Features, tokens and bounds that do not fit")
struct AlignmentChecksTests {
  private let folder: TemporaryFolder
  private let features: String

  init() throws {
    folder = try TemporaryFolder()
    features = try folder.write("x.npy", NPY.floats([[1], [2], [3], [4], [5], [6]]))
  }

  private func integers(_ name: String, _ numbers: [Int32], _ shape: [Int]? = nil) throws -> String {
    try folder.write(name, NPY.array("<i4", shape ?? [numbers.count], NPY.bytes(of: numbers)))
  }

  private func read(_ file: String? = nil, _ alignment: TokenAlignment) throws {
    _ = try readAll(file ?? features, options: ReadOptions(alignment: alignment))
  }

  @Test("Tokens and features with different numbers of positions")
  func counts() throws {
    let five = try integers("five.npy", [1, 2, 3, 4, 5])
    expectError(.countMismatch, file: five, mentioning: "6 token ids", "float32 of shape (6, 1)", "found 5") {
      try read(nil, TokenAlignment(tokens: [five], bounds: .length(2)))
    }
    let raw = try folder.write("seven.bin", [UInt8](repeating: 1, count: 14))
    expectError(.countMismatch, file: raw, mentioning: "found 7", "--token-type") {
      try read(nil, TokenAlignment(tokens: [raw], width: .uint16, bounds: .length(2)))
    }
    for count in [4, 7] {
      let packed = try folder.write("\(count).bin.zst", Zstd.frame([UInt8](repeating: 1, count: 2 * count)))
      expectError(.countMismatch, file: packed, mentioning: "6 token ids", "found \(count)") {
        try read(nil, TokenAlignment(tokens: [packed], width: .uint16, bounds: .length(2)))
      }
    }
    let stacked = try folder.write("s.npy", NPY.array("<f4", [2, 3, 1], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])))
    let other = try integers("other.npy", [1, 2, 3, 4, 5, 6], [3, 2])
    expectError(.countMismatch, file: other, mentioning: "sequences of 3 tokens", "sequences of 2") {
      try read(stacked, TokenAlignment(tokens: [other]))
    }
    expectError(.badReference, file: other, mentioning: "sequences of 2 positions", "--sequence-length 3") {
      try read(nil, TokenAlignment(tokens: [other], bounds: .length(3)))
    }
  }

  @Test("1-d tokens without any sequence ends")
  func unspecified() throws {
    let tokens = try integers("t.npy", [1, 2, 3, 4, 5, 6])
    expectError(.badReference, file: tokens, mentioning: "--sequence-length", "--end-of-text") {
      try read(nil, TokenAlignment(tokens: [tokens]))
    }
  }

  @Test("Files that are not features, are a stream themselves, or hold a second array")
  func wrongFeatures() throws {
    let tokens = try integers("t.npy", [1, 2, 3, 4, 5, 6])
    let alignment = TokenAlignment(tokens: [tokens], bounds: .length(3))
    let stream = try folder.write("a.npy", NPY.batch([1, 2], [1, 2], dimension: 1))
    expectError(.badOrder, file: stream, mentioning: "one array per file") { try read(stream, alignment) }
    let packed = try folder.write(
      "a.npy.zst", Zstd.frame(NPY.floats([[1], [2], [3], [4], [5], [6]]) + NPY.labels([1])))
    expectError(.badOrder, file: packed, mentioning: "one array per file") { try read(packed, alignment) }
    expectError(.badShape, file: tokens, mentioning: "leave out --tokens") { try read(tokens, alignment) }
    let columns = try folder.write(
      "c.npy", NPY.array("<f4", [6, 2], [UInt8](repeating: 0, count: 48), isColumnMajor: true))
    expectError(.badShape, file: columns, mentioning: "ascontiguousarray") { try read(columns, alignment) }
    let huge = try folder.write("h.npy", NPY.array("<f4", [1 << 40, 1 << 20, 1 << 10], []))
    expectError(.badHeader, file: huge, mentioning: "more bytes than can be addressed") { try read(huge, alignment) }
    let wide = try folder.write("w.npy.zst", Zstd.frame(NPY.array("|i1", [1 << 31, 1 << 31], [1, 2])))
    expectError(.badShape, file: wide, mentioning: "can be addressed") {
      try read(nil, TokenAlignment(tokens: [wide], bounds: .length(3)))
    }
    let cut = try folder.write(
      "cut.npy.zst", Zstd.frame(Array(NPY.floats([[1], [2], [3], [4], [5], [6]]).dropLast(6))))
    expectError(.truncated, file: cut, mentioning: "position") { try read(cut, alignment) }
    let wrong = try folder.write("f.npy", NPY.floats([[1], [2], [3], [4], [5], [6]]))
    expectError(.unsupportedType, file: wrong, mentioning: "token ids") {
      try read(nil, TokenAlignment(tokens: [wrong], bounds: .length(3)))
    }
  }

  @Test("Files that are not tokens")
  func ids() throws {
    let large = try folder.write("l.npy", NPY.integers([1, 2, 3, UInt64.max, 5, 6]))
    expectError(.badLabel, file: large, position: "token 3", mentioning: "a larger one") {
      try read(nil, TokenAlignment(tokens: [large], bounds: .length(3)))
    }
    let negative = try integers("n.npy", [1, 2, 3, 4, -1, 6])
    expectError(.badLabel, file: negative, position: "token 4", mentioning: "found -1", "--ignore -1") {
      try read(nil, TokenAlignment(tokens: [negative], bounds: .length(3)))
    }
    try read(nil, TokenAlignment(tokens: [negative], bounds: .length(3), ignored: [-1]))
  }

  @Test("No position has a next token")
  func nothing() throws {
    let tokens = try integers("t.npy", [1, 2, 3, 4, 5, 6])
    expectError(.empty, file: features) { try read(nil, TokenAlignment(tokens: [tokens], bounds: .length(1))) }
    let none = try folder.write("none.npy", NPY.array("<f4", [0, 3], []))
    let empty = try integers("empty.npy", [])
    expectError(.empty, file: none) { try read(none, TokenAlignment(tokens: [empty], bounds: .length(1))) }
  }
}
