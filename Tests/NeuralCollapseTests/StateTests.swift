import Foundation
import NeuralCollapse
import Samples
import TestSupport
import Testing

/// States made with the library are compared with those of the command line.
@Suite("States of NeuralCollapse")
struct StateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of uneven batches with more rows than a window.
  private func file(_ samples: StreamSamples) throws -> String {
    try folder.write("samples.npy", samples.stream(batches: [1_000, samples.rows - 2_000]))
  }

  private func bytes(_ state: CollapseState) throws -> [UInt8] {
    try state.save(to: folder.file("saved.h5"))
    return try folder.read("saved.h5")
  }

  private func ofTool(_ verb: String, _ arguments: [String]) throws -> [UInt8] {
    let result = try Tool.run(Places.tool, [verb] + arguments + ["--output", folder.file("tool.h5")])
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("tool.h5")
  }

  /// Folds the same samples as arrays of their type, batch by batch.
  private func fold(_ samples: StreamSamples, _ sizes: [Int], into accumulator: Accumulator, asSpans: Bool) throws {
    func numbers<Number: BitwiseCopyable>(_ range: Range<Int>, _: Number.Type) -> [Number] {
      samples.features[range.lowerBound * samples.rowBytes..<range.upperBound * samples.rowBytes].withUnsafeBytes {
        $0.withMemoryRebound(to: Number.self) { Array($0) }
      }
    }
    for range in samples.batchRanges(sizes) {
      let labels = Array(samples.labels[range])
      switch samples.scalar {
      case .float16 where asSpans:
        let features = numbers(range, Float16.self)
        try accumulator.fold(labels: labels.span, features: features.span)
      case .float16: try accumulator.fold(labels: labels, features: numbers(range, Float16.self))
      case .bfloat16 where asSpans:
        let features = numbers(range, UInt16.self)
        try accumulator.fold(labels: labels.span, bfloat16: features.span)
      case .bfloat16: try accumulator.fold(labels: labels, bfloat16: numbers(range, UInt16.self))
      case .float32: try accumulator.fold(labels: labels.map { Int($0) }, features: numbers(range, Float.self))
      case .float64: try accumulator.fold(labels: labels.map { UInt32($0) }, features: numbers(range, Double.self))
      }
    }
  }

  @Test(
    "Arrays and spans in any batches, and files, give the bytes of the command line",
    arguments: ScalarType.allCases)
  func bytes(scalar: ScalarType) async throws {
    let samples = StreamSamples(rows: 40_000, dimension: 5, scalar: scalar)
    let file = try file(samples)
    let expected = try ofTool("accumulate", [file, "--within", "pooled"])
    for (sizes, asSpans, threads) in [
      ([40_000], true, 2), ([1, 3, 32_760, 4, 5], false, 1), ([700, 39_000], true, 3),
    ] {
      let accumulator = try Accumulator(within: .pooled, threads: threads)
      try fold(samples, sizes, into: accumulator, asSpans: asSpans)
      #expect(accumulator.samples == samples.rows)
      try accumulator.save(to: folder.file("own.h5"))
      #expect(try folder.read("own.h5") == expected, "\(sizes)")
    }
    let accumulator = try Accumulator(within: .pooled)
    for try await block in try SampleStream(file) { try accumulator.fold(block) }
    #expect(try bytes(accumulator.finish()) == expected)
  }

  @Test("Arrays before and after a file continue its windows")
  func mixed() async throws {
    let samples = StreamSamples(rows: 70_000, dimension: 3, scalar: .float32)
    let expected = try ofTool("accumulate", [try folder.write("all.npy", samples.stream()), "--vocabulary", "300"])
    var middle = samples
    middle.labels = Array(samples.labels[100..<69_000])
    middle.features = Array(samples.features[100 * 12..<69_000 * 12])
    let accumulator = try Accumulator(dimension: 3, vocabulary: 300)
    func features(_ range: Range<Int>) -> [Float] {
      samples.features[range.lowerBound * 12..<range.upperBound * 12].withUnsafeBytes {
        $0.withMemoryRebound(to: Float.self) { Array($0) }
      }
    }
    try accumulator.fold(labels: Array(samples.labels[..<100]), features: features(0..<100))
    let stream = try SampleStream(try folder.write("middle.npy", middle.stream(batches: [50_000])))
    for try await block in stream { try accumulator.fold(block) }
    try accumulator.fold(labels: Array(samples.labels[69_000...]), features: features(69_000..<70_000))
    #expect(try bytes(accumulator.finish()) == expected)
  }

  @Test("Non-finite rows are skipped and counted as on the command line")
  func skipped() async throws {
    var samples = StreamSamples(rows: 33_000, dimension: 2, scalar: .float32)
    for row in [5, 32_767, 32_999] {
      samples.features.replaceSubrange(row * 8..<row * 8 + 4, with: [0, 0, 0xC0, 0x7F])
    }
    let file = try file(samples)
    let expected = try ofTool("accumulate", [file, "--nonfinite", "skip"])
    let (arrays, stream) = (try Accumulator(nonfinite: .skip), try Accumulator())
    try fold(samples, [20_000], into: arrays, asSpans: false)
    for try await block in try SampleStream(file, nonfinite: .skip) { try stream.fold(block) }
    for accumulator in [arrays, stream] {
      let state = try accumulator.finish()
      #expect(state.skipped == 3 && state.samples == 32_997)
      #expect(try bytes(state) == expected)
    }
  }

  @Test("Means that exceed the memory limit go to a scratch file, and the result is the same")
  func memory() throws {
    let samples = StreamSamples(rows: 5_000, dimension: 4, scalar: .float16)
    let (all, few) = (try Accumulator(), try Accumulator(memory: 256 * 32, scratch: folder.path))
    for accumulator in [all, few] { try fold(samples, [], into: accumulator, asSpans: false) }
    #expect(try all.finish() == few.finish())
  }

  @Test("A state has the counts, means, second moments and scatter computed by hand from three samples")
  func values() throws {
    let accumulator = try Accumulator(within: .pooled)
    try accumulator.fold(labels: [4, 2, 4], features: [1.0, 2, 5, 5, 3, 6])
    let state = try accumulator.finish()
    #expect(state.dimension == 2 && state.samples == 3 && state.classes == 2 && state.within == .pooled)
    #expect(state.tokens == [2, 4] && state.counts == [1, 2] && state.means == [5, 5, 2, 4])
    #expect(state.secondMoments == [0, 10] && state.withinScatter == [2, 4, 4, 8])
  }

  @Test("Second moments of features are those of the command line, and so is the table of classes made from them")
  func diagonal() async throws {
    let samples = StreamSamples(rows: 3_000, dimension: 5, scalar: .float32)
    let file = try file(samples)
    let expected = try ofTool("accumulate", [file, "--moments", "diagonal"])
    let accumulator = try Accumulator(moments: .diagonal)
    try fold(samples, [700], into: accumulator, asSpans: false)
    let state = try accumulator.finish()
    #expect(try bytes(state) == expected && CollapseState(reading: folder.file("saved.h5")) == state)
    let found = try #require(state.featureMoments)
    #expect(state.moments == .diagonal && found.count == state.classes * 5)
    for (row, m2) in state.secondMoments.enumerated() {
      #expect(abs(found[row * 5..<(row + 1) * 5].reduce(0, +) - m2) <= 1e-12 * m2)
    }
    let measured = try Tool.run(
      Places.tool, ["measure", folder.file("saved.h5"), "--classes", folder.file("c.csv")])
    #expect(measured.status == 0, "\(measured.errors)")
    let table = String(decoding: try folder.read("c.csv"), as: UTF8.self)
    #expect(try await state.measure().classesCSV == table)
    #expect(table.contains("nc4_hits,participation_ratio,feature_1,feature_1_share,feature_2,"))
    let bare = try Accumulator()
    try fold(samples, [], into: bare, asSpans: false)
    let other = try bare.finish()
    #expect(other.moments == .trace && other.featureMoments == nil)
    #expect(other.secondMoments == state.secondMoments && other.means == state.means)
    let error = #expect(throws: CollapseError.self) { try CollapseState.merge([state, other]) }
    #expect(error?.kind == .mismatch && error?.source == "states[1]")
  }

  @Test("A state that is saved and loaded is equal and has the same measurements")
  func roundTrip() async throws {
    let accumulator = try Accumulator(within: .pooledSingle)
    try fold(StreamSamples(rows: 3_000, dimension: 6, scalar: .float64), [], into: accumulator, asSpans: false)
    let state = try accumulator.finish()
    let saved = try bytes(state)
    let read = try CollapseState(reading: folder.file("saved.h5"))
    #expect(read == state && read.means == state.means && read.withinScatter == state.withinScatter)
    #expect(try bytes(read) == saved)
    #expect(try await read.measure(threads: 1).json == state.measure(threads: 2).json)
  }

  @Test("Merged states have the bytes of the command line, and the moments of all samples up to rounding")
  func merge() throws {
    let samples = StreamSamples(rows: 9_000, dimension: 4, scalar: .float16)
    var (states, files): ([CollapseState], [String]) = ([], [])
    for (number, range) in samples.batchRanges([2_000, 3_000]).enumerated() {
      var part = samples
      (part.labels, part.features) = (
        Array(samples.labels[range]), Array(samples.features[range.lowerBound * 8..<range.upperBound * 8])
      )
      let accumulator = try Accumulator(within: .pooled)
      try fold(part, [], into: accumulator, asSpans: true)
      states.append(try accumulator.finish())
      files.append(folder.file("\(number).h5"))
      try states[number].save(to: files[number])
    }
    let merged = try CollapseState.merge(states)
    let expected = try ofTool("merge", files)
    #expect(try bytes(merged) == expected)
    try CollapseState.merge(files: files, to: folder.file("own.h5"), threads: 1)
    #expect(try folder.read("own.h5") == expected)
    let whole = try Accumulator(within: .pooled)
    try fold(samples, [], into: whole, asSpans: true)
    let state = try whole.finish()
    #expect(merged.counts == state.counts && merged.tokens == state.tokens)
    for (a, b) in zip(merged.means + merged.secondMoments, state.means + state.secondMoments) {
      #expect(abs(a - b) <= 1e-11 * max(abs(a), 1))
    }
  }
}
