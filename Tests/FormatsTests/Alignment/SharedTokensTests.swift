import Foundation
import TestSupport
import Testing

@testable import Formats

/// One token file for several inputs: they read like a single input with all their positions.
@Suite("Tokens of several inputs in one file")
struct SharedTokensTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Features that equal the numbers of their positions, in files that are cut anywhere.
  private func features(_ cuts: [Range<Int>], suffix: String = ".npy") throws -> [String] {
    try cuts.enumerated().map { number, range in
      let bytes = NPY.features("<f4", range.map { Float($0) }, dimension: 1)
      return try folder.write("x-\(number)\(suffix)", suffix == ".npy" ? bytes : Zstd.frames(bytes, of: 50_001))
    }
  }

  private static func cuts(_ count: Int, _ pieces: Int, _ random: inout SeededGenerator) -> [Range<Int>] {
    let ends = ((1..<pieces).map { _ in Int.random(in: 0...count, using: &random) } + [0, count]).sorted()
    return zip(ends, ends.dropFirst()).map { $0..<$1 }
  }

  @Test("Sequences continue from one input to the next, wherever inputs are cut", arguments: 0..<60)
  func property(seed: Int) throws {
    var random = SeededGenerator(seed)
    var lengths = (0..<Int.random(in: 1...12, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
    lengths.append(2)
    let count = lengths.reduce(0, +)
    let ids = (0..<count).map { _ in Int32.random(in: 0..<8, using: &random) }
    let every = Int.random(in: 1...2, using: &random)
    // The last sequence is taken, so that there is a sample.
    if lengths.count % every == 0 && every == 2 { lengths.insert(0, at: 0) }
    var (positions, labels, start): ([Float], [Int32], Int) = ([], [], 0)
    for (number, length) in lengths.enumerated() {
      for position in start..<start + length where number % every == 0 && position + 1 < start + length {
        positions.append(Float(position))
        labels.append(ids[position + 1])
      }
      start += length
    }
    let cuts = Self.cuts(count, Int.random(in: 2...6, using: &random), &random)
    let inputs = try features(cuts)
    let bounds = try folder.write("lengths.npy", NPY.labels(lengths.map(Int32.init)))
    let raw = NPY.bytes(of: ids)
    for tokens in [
      try folder.write("t.npy", NPY.labels(ids)), try folder.write("t.bin", raw),
      try folder.write("t.bin.zst", Zstd.frame(raw)),
    ] {
      let alignment = TokenAlignment(tokens: [tokens], width: .uint32, bounds: .lengths([bounds]), every: every)
      let found = try readAll(inputs, options: ReadOptions(alignment: alignment))
      #expect(found.blocks.flatMap(\.labels) == labels, "\(lengths) \(cuts)")
      #expect(found.blocks.flatMap { $0.values.map { $0[0] } } == positions.map(Double.init))
      #expect(found.summary.sources.map(\.rows) == cuts.map { cut in positions.count { cut.contains(Int($0)) } })
    }
  }

  @Test("Resuming after any block, in any input, gives the same rest", arguments: [".npy", ".npy.zst"])
  func resumed(suffix: String) throws {
    var random = SeededGenerator(3)
    let count = 300_000
    let inputs = try features([0..<40_001, 40_001..<40_001, 40_001..<150_000, 150_000..<count], suffix: suffix)
    let tokens = try folder.write(
      "t.bin", NPY.bytes(of: (0..<count).map { _ in UInt16.random(in: 0..<99, using: &random) }))
    let options = ReadOptions(
      alignment: TokenAlignment(tokens: [tokens], width: .uint16, bounds: .length(700), endOfText: 5, every: 2))
    let whole = try readAll(inputs, options: options)
    let reader = EmbeddingReader(inputs: inputs, options: options)
    var done = 0
    while try reader.next() != nil {
      done += 1
      guard done < whole.blocks.count else { continue }
      let position = try #require(reader.position)
      let other = try #require(EmbeddingReader(inputs: inputs, options: options, after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(whole.blocks[done...]) && other.finish() == whole.summary, "behind block \(done)")
    }
    #expect(done > 3)
  }

  @Test("A number of tokens that differs from all positions is an error with both numbers", arguments: [9, 13])
  func mismatch(count: Int) throws {
    let inputs = try features([0..<5, 5..<11])
    let ids = (0..<count).map { Int32($0 % 7) }
    for tokens in [
      try folder.write("t.npy", NPY.labels(ids)), try folder.write("t.bin.zst", Zstd.frame(NPY.bytes(of: ids))),
    ] {
      expectError(.countMismatch, file: tokens, mentioning: "11 token ids", "2 inputs together", "found \(count)") {
        let alignment = TokenAlignment(tokens: [tokens], width: .uint32, bounds: .length(4))
        _ = try readAll(inputs, options: ReadOptions(alignment: alignment))
      }
    }
  }

  @Test("A pipe among the inputs is refused, because its positions cannot be counted")
  func pipe() throws {
    let tokens = try folder.write("t.npy", NPY.labels([1, 2, 3]))
    let inputs = try features([0..<2]) + ["-"]
    expectError(.notAFile, mentioning: "2 inputs") {
      _ = try readAll(inputs, options: ReadOptions(alignment: TokenAlignment(tokens: [tokens], bounds: .length(3))))
    }
  }
}
