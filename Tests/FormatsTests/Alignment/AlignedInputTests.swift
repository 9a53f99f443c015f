import Foundation
import TestSupport
import Testing

@testable import Formats

/// Compares files by position (see `make.py` in their folder) with the equivalent stream, made by brute force.
@Suite("Features and tokens in separate files")
struct AlignedInputTests {
  private static func file(_ name: String) -> String { Fixtures.file("paired/" + name) }

  private func read(
    _ features: String, _ tokens: String, _ change: (inout TokenAlignment) -> Void = { _ in },
    names: ArrayNames = ArrayNames(),
    threads: Int = 1
  ) throws -> (blocks: [BlockContent], summary: StreamSummary) {
    var alignment = TokenAlignment(tokens: [Self.file(tokens)])
    change(&alignment)
    return try readAll(
      Self.file(features), options: ReadOptions(arrays: names, alignment: alignment, threads: threads))
  }

  private func expectSame(
    _ found: (blocks: [BlockContent], summary: StreamSummary), _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try readAll(Self.file("expected-\(name).npy"))
    #expect(found.blocks == expected.blocks, "\(name)", sourceLocation: sourceLocation)
    #expect(found.summary.digest == expected.summary.digest, sourceLocation: sourceLocation)
    #expect(found.summary.rows == expected.summary.rows, sourceLocation: sourceLocation)
  }

  @Test(
    "Any containers for features and tokens give the same samples, if rows of 2-d tokens or 3-d features are sequences",
    arguments: [
      ("features-3d.npy", "tokens.npy"), ("features-3d.npy", "tokens-2d.npy"), ("features.npy", "tokens-2d.npy"),
      ("features-3d.npy.zst", "tokens.npy.zst"), ("contiguous.h5", "tokens-big-endian.npy"),
      ("stacked.safetensors", "stacked.safetensors"), ("features.npy.zst", "stacked.safetensors#tokens"),
      ("contiguous.h5", "stacked.h5"), ("features-3d.npy", "all.h5"), ("features-3d.npy", "all.safetensors#tokens"),
    ], [1, 2])
  func rows(files: (features: String, tokens: String), threads: Int) throws {
    try expectSame(read(files.features, files.tokens, threads: threads), "rows")
    try expectSame(read(files.features, files.tokens, { $0.endOfText = 9 }, threads: threads), "rows-eot")
    try expectSame(read(files.features, files.tokens, { $0.bounds = .length(11) }, threads: threads), "rows")
  }

  @Test(
    "Sequences of one length, by offsets, by lengths and by ends of text, for tokens with and without a header",
    arguments: [
      ("tokens.npy", nil), ("tokens-uint16.bin", .uint16), ("tokens-uint16.bin.zst", .uint16),
      ("tokens-uint32.bin", .uint32), ("tokens-uint32.bin.zst", .uint32), ("all.h5#input_ids", nil),
      ("tokens.npy.zst", .uint16),
    ] as [(String, TokenWidth?)], ["features.npy", "features.npy.zst", "all.safetensors"])
  func bounds(tokens: (file: String, width: TokenWidth?), features: String) throws {
    func expect(_ name: String, _ change: (inout TokenAlignment) -> Void) throws {
      var found = try read(
        features, tokens.file,
        {
          $0.width = tokens.width
          change(&$0)
        })
      if features == "all.safetensors" {
        #expect(found.blocks.allSatisfy { $0.predictions != nil })
        found.blocks = found.blocks.map(\.withoutPredictions)
      }
      try expectSame(found, name)
    }
    try expect("sevens") { $0.bounds = .length(7) }
    for bounds in [
      TokenAlignment.Bounds.offsets([Self.file("offsets.npy")]), .offsets([Self.file("all.h5#offsets")]),
      .lengths([Self.file("lengths.npy")]), .lengths([Self.file("all.safetensors#lengths")]),
    ] {
      try expect("offsets") { $0.bounds = bounds }
      try expect("offsets-every") { ($0.bounds, $0.every) = (bounds, 3) }
      try expect("offsets-eot") { ($0.bounds, $0.endOfText) = (bounds, 9) }
      try expect("offsets-eot-every") { ($0.bounds, $0.endOfText, $0.every) = (bounds, 9, 2) }
    }
    try expect("eot") { $0.endOfText = 9 }
    try expect("eot-ignored") { ($0.endOfText, $0.ignored) = (9, [9, 3]) }
  }

  @Test("Padding at either end, by -100 and by the end of text")
  func padding() throws {
    for features in ["features-3d.npy", "features-3d.npy.zst", "features.npy"] {
      try expectSame(read(features, "padded.npy", { $0.ignored = [-100] }), "padded")
      try expectSame(read(features, "padded.npy", { ($0.ignored, $0.endOfText) = ([-100], 9) }), "padded-eot")
      try expectSame(read(features, "filled.npy", { $0.endOfText = 9 }), "filled")
      try expectSame(read(features, "filled.npy", { $0.ignored = [9] }), "filled-ignored")
    }
    expectError(.badLabel, file: Self.file("padded.npy"), position: "token 7", mentioning: "--ignore -100") {
      _ = try read("features-3d.npy", "padded.npy")
    }
  }

  @Test("Predictions by position stay with their samples", arguments: ["all.h5", "stacked.h5", "all.safetensors"])
  func predictions(file: String) throws {
    try expectSame(read(file, "tokens-2d.npy"), "rows-predictions")
    try expectSame(read(file, "tokens-2d.npy", { $0.endOfText = 9 }), "rows-eot-predictions")
    expectError(.badReference, file: Self.file(file), mentioning: "--predictions") {
      _ = try read(file, "tokens-2d.npy", names: ArrayNames(predictions: "chosen"))
    }
  }

  @Test("Chunks of features by sequence and position are decoded here, never by the HDF5 library")
  func notes() throws {
    for file in ["stacked.h5", "all.h5"] { #expect(try read(file, "tokens-2d.npy").summary.notes.isEmpty) }
  }

  @Test("Each input has its own tokens and bounds, and no label crosses from one input to the next")
  func several() throws {
    let folder = try TemporaryFolder()
    let features = try ["a", "b"].map {
      try folder.write("\($0).npy", NPY.features("<f4", [1, 2, 3, 4, 5] as [Float], dimension: 1))
    }
    let tokens = try [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10] as [Int32]].enumerated().map {
      try folder.write("\($0).bin", NPY.bytes(of: $1))
    }
    let bounds = try [[0, 2, 5], [0, 5] as [Int32]].enumerated().map {
      try folder.write("\($0).npy", NPY.labels($1))
    }
    let found = try readAll(
      features,
      options: ReadOptions(alignment: TokenAlignment(tokens: tokens, width: .uint32, bounds: .offsets(bounds))))
    #expect(found.blocks.map(\.labels) == [[2, 4, 5, 7, 8, 9, 10]])
    #expect(found.blocks.first?.values == [[1], [3], [4], [1], [2], [3], [4]])
    #expect(found.summary.sources.map(\.rows) == [3, 4])
    expectError(.badReference, mentioning: "one token file per input") {
      _ = try readAll(
        features + features,
        options: ReadOptions(alignment: TokenAlignment(tokens: tokens, width: .uint32, endOfText: 0)))
    }
  }

  @Test("A row that is not finite is named by its position")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.npy", NPY.floats([[1], [2], [3], [4], [.nan], [6]]))
    let tokens = try folder.write("t.npy", NPY.array("<i4", [2, 3], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Int32])))
    let options = ReadOptions(alignment: TokenAlignment(tokens: [tokens]))
    expectError(.nonfinite, file: file, position: "row 4") { _ = try readAll(file, options: options) }
  }
}

extension BlockContent {
  var withoutPredictions: BlockContent {
    BlockContent(
      firstRow: firstRow, labels: labels, predictions: nil, features: features, dimension: dimension, scalar: scalar)
  }
}
