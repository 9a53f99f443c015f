import TestSupport
import Testing

@testable import Formats

@Suite("Predictions by position")
struct PositionPredictionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Features of this shape, with predictions.
  private func features(
    _ shape: [Int], predictions: [Int], as name: String = "predictions", shaped: [Int]? = nil
  ) throws -> PositionArray {
    let count = shape.reduce(1, *)
    let path = try folder.write(
      "a.safetensors",
      Safetensors.file([
        ("features", "F32", shape, [UInt8](repeating: 0, count: 4 * count)),
        (name, "I64", shaped ?? [predictions.count], NPY.bytes(of: predictions)),
      ]))
    return try PositionArray(path, named: nil, as: .features(uint16IsBFloat16: false))
  }

  private func stretch(_ positions: Range<Int>, _ runs: [Range<Int>]) -> NextTokenLabels.Stretch {
    NextTokenLabels.Stretch(
      positions: positions, runs: runs.map { .init(positions: $0, sequence: 0) },
      labels: runs.flatMap { $0.map { _ in 0 } })
  }

  @Test("Predictions of labelled positions are taken, stretch by stretch, from any position on", arguments: [0, 4])
  func chosen(first: Int) throws {
    // Positions without a label may hold anything.
    let numbers = [10, 11, -100, 13, 14, 15, 1 << 40, 17, 18, -1, 20, 21]
    for (shape, shaped) in [([12, 2], [12]), ([4, 3, 2], [4, 3]), ([4, 3, 2], [12])] {
      let opened = try features(shape, predictions: numbers, shaped: shaped)
      let predictions = try #require(try PositionPredictions(opened, ReadOptions(), positions: 12, from: first))
      if first == 0 { #expect(try predictions.read(stretch(0..<4, [0..<2, 3..<4])) == [10, 11, 13]) }
      #expect(try predictions.read(stretch(4..<9, [4..<6, 8..<9])) == [14, 15, 18])
      #expect(try predictions.read(stretch(9..<10, [])) == [])
      #expect(try predictions.read(stretch(10..<12, [11..<12])) == [21])
    }
  }

  @Test("An invalid prediction is named by its position")
  func bad() throws {
    for number in [-1, Int(Int32.max), 1 << 40] {
      let opened = try features([5, 1], predictions: [1, 2, 3, number, 5])
      let predictions = try #require(try PositionPredictions(opened, ReadOptions(), positions: 5, from: 1))
      expectError(.badLabel, file: opened.file, position: "position 3", mentioning: "found \(number)") {
        _ = try predictions.read(stretch(1..<5, [1..<2, 3..<5]))
      }
    }
  }

  @Test("Without a standard name there are no predictions; named ones must exist, one per position")
  func named() throws {
    let named = ReadOptions(arrays: ArrayNames(predictions: "chosen"))
    let other = try features([5, 1], predictions: [1, 2, 3, 4, 5], as: "chosen")
    #expect(try PositionPredictions(other, ReadOptions(), positions: 5, from: 0) == nil)
    #expect(try PositionPredictions(other, named, positions: 5, from: 0)?.read(stretch(0..<5, [1..<2])) == [2])
    let standard = try features([5, 1], predictions: [1, 2, 3, 4, 5])
    expectError(.badReference, file: standard.file, mentioning: "“chosen”", "--predictions") {
      _ = try PositionPredictions(standard, named, positions: 5, from: 0)
    }
    let few = try features([5, 1], predictions: [1, 2, 3, 4])
    expectError(.countMismatch, file: few.file, mentioning: "5 predictions", "(4,)") {
      _ = try PositionPredictions(few, ReadOptions(), positions: 5, from: 0)
    }
  }

  @Test("A file without array names has no predictions, and naming some is an error")
  func unnamed() throws {
    let path = try folder.write("a.npy", NPY.floats([[1], [2]]))
    let npy = try PositionArray(path, named: nil, as: .features(uint16IsBFloat16: false))
    #expect(try PositionPredictions(npy, ReadOptions(), positions: 2, from: 0) == nil)
    expectError(.badReference, file: path, mentioning: "names its arrays", "NPY") {
      let options = ReadOptions(arrays: ArrayNames(predictions: "chosen"))
      _ = try PositionPredictions(npy, options, positions: 2, from: 0)
    }
  }
}
