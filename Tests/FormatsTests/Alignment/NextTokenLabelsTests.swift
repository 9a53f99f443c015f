import Foundation
import TestSupport
import Testing

@testable import Formats

/// A layout of sequences, and the expected result.
private struct Layout {
  var tokens: [Int32] = []
  /// The length of each sequence, for lengths and bounds.
  var lengths: [Int] = []
  var length: Int?
  var alignment = TokenAlignment(tokens: [])

  init(_ random: inout SeededGenerator) {
    let isRegular = Bool.random(using: &random)
    if isRegular {
      length = Int.random(in: 1...9, using: &random)
      lengths = Array(repeating: length ?? 1, count: Int.random(in: 0...12, using: &random))
      if Bool.random(using: &random) { lengths.append(Int.random(in: 0...(length ?? 1), using: &random)) }
    } else {
      lengths = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        [0, 0, 1, 1, 2, 3, 7, 12].randomElement(using: &random) ?? 0
      }
    }
    tokens = (0..<lengths.reduce(0, +)).map { _ in Int32.random(in: 0..<8, using: &random) }
    if Bool.random(using: &random) { alignment.endOfText = 3 }
    alignment.ignored = [[], [], [5], [3], [3, 5]].randomElement(using: &random) ?? []
    alignment.every = [1, 1, 1, 2, 3].randomElement(using: &random) ?? 1
  }

  /// Cuts out sequences, cuts these after ends of text, takes each k-th, and pairs neighbours.
  var truth: [(position: Int, label: Int32)] {
    var cut: [[Int]] = []
    var start = 0
    for length in lengths where length > 0 || self.length == nil {
      var piece: [Int] = []
      for position in start..<start + length {
        piece.append(position)
        if tokens[position] == alignment.endOfText, position + 1 < start + length {
          cut.append(piece)
          piece = []
        }
      }
      cut.append(piece)
      start += length
    }
    return cut.enumerated().filter { $0.offset % alignment.every == 0 }.flatMap { _, sequence in
      zip(sequence, sequence.dropFirst()).filter { pair in
        [pair.0, pair.1].allSatisfy { !alignment.ignored.contains(Int64(tokens[$0])) }
      }.map { ($0, tokens[$1]) }
    }
  }
}

@Suite("Pairs of positions and next tokens")
struct NextTokenLabelsTests {
  @Test("Any layout of sequences agrees with brute force, wherever the stretches lie", arguments: 0..<300)
  func property(seed: Int) throws {
    var random = SeededGenerator(seed)
    let layout = Layout(&random)
    let folder = try TemporaryFolder()
    let tokens = try folder.write("t.npy", NPY.labels(layout.tokens))
    var offsets = [0 as Int32]
    for length in layout.lengths { offsets.append((offsets.last ?? 0) + Int32(length)) }
    let bounds = [
      try folder.write("o.npy", NPY.labels(offsets)),
      try folder.write("l.npy", NPY.labels(layout.lengths.map(Int32.init))),
    ]
    let expected = layout.truth
    for most in [1, 2, 3, 5, 16, 1000] {
      for form in 0..<(layout.length == nil ? 2 : 1) {
        let options = ReadOptions()
        let opened =
          layout.length == nil
          ? try SequenceBounds(
            bounds[form], form == 0 ? .offsets : .lengths, positions: layout.tokens.count, options: options) : nil
        var pairs = try NextTokenLabels(
          TokenFile(tokens, width: nil, options: options).integers, length: layout.length, bounds: opened,
          layout.alignment)
        var (positions, labels): ([Int], [Int32]) = ([], [])
        var end = 0
        while let stretch = try pairs.next(most) {
          #expect(stretch.positions.lowerBound == end && !stretch.positions.isEmpty)
          end = stretch.positions.upperBound
          positions += stretch.runs.flatMap(\.positions)
          labels += stretch.labels
        }
        #expect(end == layout.tokens.count)
        #expect(positions == expected.map(\.position), "seed \(seed), \(most) at once: \(layout)")
        #expect(labels == expected.map(\.label), "seed \(seed), \(most) at once")
      }
    }
  }

  @Test(
    "Large input gives the same blocks in each container, with boundaries at edges of blocks and stretches",
    arguments: [1, 2])
  func large(threads: Int) throws {
    let folder = try TemporaryFolder()
    // A block has 32 768 rows, a stretch 65 536 positions.
    let lengths = [32_769, 1, 0, 32_766, 40_000, 65_537, 3, 2, 5_000]
    let count = lengths.reduce(0, +)
    let samples = StreamSamples(rows: count, dimension: 3, scalar: .float16)
    var (kept, start): ([Int], Int) = ([], 0)
    for length in lengths {
      kept += start..<max(start, start + length - 1)
      start += length
    }
    var expected = samples
    expected.labels = kept.map { samples.labels[$0 + 1] }
    expected.features = kept.flatMap { samples.features[$0 * 6..<($0 + 1) * 6] }
    let array = NPY.array("<f2", [count, 3], samples.features)
    let tokens = try folder.write("t.bin", NPY.bytes(of: samples.labels))
    let bounds = try folder.write("l.npy", NPY.labels(lengths.map(Int32.init)))
    let options = ReadOptions(
      alignment: TokenAlignment(tokens: [tokens], width: .uint32, bounds: .lengths([bounds])), threads: threads)
    for file in [
      try folder.write("a.npy", array), try folder.write("a.npy.zst", Zstd.frames(array, of: 50_001)),
      try folder.write("b.npy.zst", Zstd.frame(array)),
      try folder.write("a.safetensors", Safetensors.file([("x", "F16", [count, 3], samples.features)])),
    ] {
      let whole = try readAll(file, options: options)
      #expect(whole.blocks == expected.blocks, "\(file)")
      let reader = EmbeddingReader(inputs: [file], options: options)
      var done = 0
      while try reader.next() != nil {
        done += 1
        guard done < whole.blocks.count else { continue }
        let position = try #require(reader.position)
        let other = try #require(EmbeddingReader(inputs: [file], options: options, after: position))
        var rest: [BlockContent] = []
        while let block = try other.next() { rest.append(BlockContent(block)) }
        #expect(rest == Array(whole.blocks[done...]) && other.finish() == whole.summary, "\(file) behind block \(done)")
      }
      #expect(done == 6)
    }
  }

  @Test("A few of many positions are the right ones, in order")
  func sparse() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 90_000, dimension: 64, scalar: .float32)
    let file = try folder.write("a.npy", NPY.array("<f4", [90_000, 64], samples.features))
    let tokens = try folder.write("t.npy", NPY.labels(samples.labels))
    let options = ReadOptions(alignment: TokenAlignment(tokens: [tokens], bounds: .length(100), every: 70))
    let kept = stride(from: 0, to: 90_000, by: 7_000).flatMap { Array($0..<$0 + 99) }
    var expected = samples
    expected.labels = kept.map { samples.labels[$0 + 1] }
    expected.features = kept.flatMap { samples.features[$0 * 256..<($0 + 1) * 256] }
    #expect(try readAll(file, options: options).blocks == expected.blocks)
  }
}
