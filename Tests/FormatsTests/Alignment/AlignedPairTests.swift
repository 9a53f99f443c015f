import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Samples
@testable import Storage

/// Tokens beside features in one file give the samples of the same arrays in separate files.
@Suite("Features and tokens in one file")
struct AlignedPairTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tokens(_ count: Int, seed: Int = 3) -> [Int64] {
    var generator = SeededGenerator(seed)
    return (0..<count).map { _ in Int64.random(in: 0..<50, using: &generator) }
  }

  private func features(_ count: Int) -> [Float] { (0..<2 * count).map { Float($0 % 1_009) - 500 } }

  /// The samples with tokens and features in files of their own, as sequences of one length.
  private func apart(
    _ tokens: [Int64], _ features: [Float], length: Int
  ) throws -> (blocks: [BlockContent], summary: StreamSummary) {
    let ids = try folder.write("t.npy", NPY.integers(tokens))
    let rows = try folder.write("x.npy", NPY.features("<f4", features, dimension: 2))
    return try readAll(rows, options: ReadOptions(alignment: TokenAlignment(tokens: [ids], bounds: .length(length))))
  }

  private func tensors(_ arrays: [(String, [Int64], [Int])], _ features: [Float], _ shape: [Int]) throws -> String {
    try folder.write(
      "a.safetensors",
      Safetensors.file(
        arrays.map { ($0.0, "I64", $0.2, NPY.bytes(of: $0.1)) } + [
          ("hidden_states", "F32", shape, NPY.bytes(of: features))
        ]))
  }

  /// Tokens and features in groups of an HDF5 file.
  private func hdf5(_ name: String, _ groups: [(name: String, tokens: [Int64], features: [Float])]) throws -> String {
    let path = folder.file(name)
    do {
      let file = try HDF5File(writing: path, for: path)
      for group in groups {
        if !group.name.isEmpty { try file.makeGroup(group.name) }
        let ids = try file.makeDataset(group.name + "/input_ids", .int64, shape: [group.tokens.count])
        try ids.writeAll(group.tokens, .int64)
      }
      try file.flush()
    }
    for group in groups {
      RawHDF5.write(
        path, dataset: group.name + "/hidden_states", group.features.map(Double.init),
        shape: [group.tokens.count, 2], as: .single, chunkRows: min(1_000, group.tokens.count))
    }
    return path
  }

  @Test("The file is one sequence: the label of a position is the next token, and the last position has none")
  func byHand() throws {
    let file = try tensors([("input_ids", [7, 8, 9], [3])], [1, 2, 3, 4, 5, 6], [3, 2])
    let found = try readAll(file)
    #expect(found.blocks.map(\.labels) == [[8, 9]] && found.blocks.first?.values == [[1, 2], [3, 4]])
  }

  @Test(
    "The samples and their digest are those of separate files, for any usual name",
    arguments: ["input_ids", "tokens", "token_ids"],
    [1, 2, 100, 70_000, 200_000])
  func same(name: String, count: Int) throws {
    let (tokens, features) = (tokens(count), features(count))
    let file = try tensors([(name, tokens, [count])], features, [count, 2])
    if count == 1 {
      expectError(.empty) { _ = try readAll(file) }
      return
    }
    let expected = try apart(tokens, features, length: count)
    let found = try readAll(file)
    #expect(found.blocks == expected.blocks && found.summary.digest == expected.summary.digest)
    #expect(found.summary.rows == count - 1)
    let h5 = try hdf5("\(name).h5", [("", tokens, features)])
    #expect(try readAll(h5, options: ReadOptions(threads: 2)).blocks == expected.blocks)
  }

  @Test("Rows of 2-d tokens or 3-d features are sequences")
  func rows() throws {
    let (tokens, features) = (tokens(60), features(60))
    let expected = try apart(tokens, features, length: 5)
    for (ids, rows) in [([12, 5], [60, 2]), ([12, 5], [12, 5, 2]), ([60], [12, 5, 2])] {
      let found = try readAll(tensors([("tokens", tokens, ids)], features, rows))
      #expect(found.blocks == expected.blocks && found.summary.rows == 48)
    }
    expectError(.countMismatch, mentioning: "60 token ids", "found 59") {
      _ = try readAll(tensors([("tokens", self.tokens(59), [59])], features, [60, 2]))
    }
    expectError(.countMismatch, mentioning: "sequences of 5") {
      _ = try readAll(tensors([("tokens", tokens, [10, 6])], features, [12, 5, 2]))
    }
  }

  @Test("Each group is a sequence, numbered in order; reading resumes after any block")
  func groups() throws {
    let groups = [("s9", 70_000), ("s10", 1), ("s11", 90_000)].map { name, count in
      (name: "/" + name, tokens: tokens(count, seed: count), features: features(count))
    }
    let path = try hdf5("a.h5", groups)
    let expected = groups.flatMap { $0.tokens.dropFirst().map { Int32($0) } }
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    var (blocks, positions, sequences): ([BlockContent], [StreamPosition], Set<Int?>) = ([], [], [])
    while let block = try reader.next() {
      blocks.append(BlockContent(block))
      for row in [0, block.rows - 1] { sequences.insert(block.originRun(ofRow: row)?.sequence) }
      positions.append(try #require(reader.position))
    }
    #expect(blocks.flatMap(\.labels) == expected && sequences == [0, 2])
    for (done, position) in positions.enumerated() {
      let other = try #require(EmbeddingReader(inputs: [path], options: ReadOptions(), after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(blocks[(done + 1)...]) && other.finish().digest == reader.finish().digest)
    }
    #expect(try RowCount.of(path, number: 0, options: ReadOptions()) == expected.count)
  }

  @Test("Predictions by position stay with their samples")
  func predictions() throws {
    let file = try tensors(
      [("input_ids", [7, 8, 9], [3]), ("predictions", [4, 5, -1], [3])], [1, 2, 3, 4, 5, 6], [3, 2])
    #expect(try readAll(file).blocks.map(\.predictions) == [[4, 5]])
  }

  @Test("Labels that equal the tokens beside them are not shifted, so the tokens are taken; others are labels")
  func beside() throws {
    let (tokens, features) = (tokens(80_000), features(80_000))
    func read(_ labels: [Int64]) throws -> [Int32] {
      let shape = [tokens.count]
      let file = try tensors([("input_ids", tokens, shape), ("labels", labels, shape)], features, [tokens.count, 2])
      return try readAll(file).blocks.flatMap(\.labels)
    }
    #expect(try read(tokens) == tokens.dropFirst().map { Int32($0) })
    var labels = tokens
    labels[79_999] = 51
    #expect(try read(labels) == labels.map { Int32($0) })
    labels = tokens.dropFirst() + [0]
    #expect(try read(labels) == labels.map { Int32($0) })
    labels = tokens
    labels[70_000] = -100
    expectError(.badOrder, position: "“labels”", mentioning: "-100", "--tokens", "#labels --ignore -100", "#input_ids")
    {
      _ = try read(labels)
    }
  }

  @Test("A mask that marks padding is a question; one without padding is none")
  func padding() throws {
    func read(_ mask: [Int64]) throws -> [[Int32]] {
      let file = try tensors(
        [("input_ids", [7, 8, 9], [3]), ("attention_mask", mask, [3])], [1, 2, 3, 4, 5, 6], [3, 2])
      return try readAll(file).blocks.map(\.labels)
    }
    #expect(try read([1, 1, 1]) == [[8, 9]])
    expectError(.badOrder, position: "“attention_mask”", mentioning: "0 at position 2", "#input_ids", "--ignore") {
      _ = try read([1, 1, 0])
    }
  }

  @Test("A label of -100 without tokens is a question")
  func masked() throws {
    let file = try tensors([("labels", [7, -100, 9], [3])], [1, 2, 3, 4, 5, 6], [3, 2])
    expectError(
      .badLabel, file: file, position: "row 1", mentioning: "Hugging Face", "--tokens \(file)#labels --ignore -100"
    ) {
      _ = try readAll(file)
    }
    let asked = TokenAlignment(tokens: [file + "#labels"], bounds: .length(3), ignored: [-100])
    expectError(.empty) { _ = try readAll(file, options: ReadOptions(alignment: asked)) }
    let diagnosis = expectError(.badLabel, mentioning: "Hugging Face") {
      _ = try readAll(file, options: ReadOptions(arrays: ArrayNames(labels: "labels")))
    }
    #expect(diagnosis?.advice.contains("--tokens") == false)
  }
}
