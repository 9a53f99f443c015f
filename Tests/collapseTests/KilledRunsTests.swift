import Foundation
import TestSupport
import Testing

/// Promise: a run that is killed at any moment is followed by one that ends with the same bytes, and leaves nothing but
/// outputs.
@Suite("Killed runs")
struct KilledRunsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Kills in all, over all commands; `COLLAPSE_KILLS` replaces the default, which takes little time.
  private static let kills = ProcessInfo.processInfo.environment["COLLAPSE_KILLS"].flatMap { Int($0) } ?? 12

  /// What is killed.
  enum Subject: String, CaseIterable {
    case plain, compressed, pooled, outOfCore, decide, merge, mergeInPasses, write, measure, report, run,
      runWithoutFolder
  }

  /// Rows of a few hundred classes in some ten blocks.
  private func stream(
    rows: Int = 40_000, dimension: Int = 256, classes: Int = 300, compressed: Bool = false
  ) throws -> String {
    var samples = StreamSamples(rows: rows, dimension: dimension, scalar: .float16)
    samples.labels = (0..<rows).map { Int32($0 * 7 % classes) }
    samples.features = Self.features(bytes: samples.features.count)
    let bytes = samples.stream(batches: [rows / 3, rows / 4])
    guard compressed else { return try folder.write("a.npy", bytes) }
    return try folder.write("a.npy.zst", Zstd.frames(bytes, of: 3_000_001, checksum: true))
  }

  /// Features that hardly compress: what repeats is farther apart than a compressor looks back. No byte is above 0x3F,
  /// so all are finite.
  private static func features(bytes: Int) -> [UInt8] {
    var random = SeededGenerator(5)
    let tile = (0..<150_001).flatMap { _ in
      withUnsafeBytes(of: random.next() & 0x3F3F_3F3F_3F3F_3F3F) { Array($0) }
    }
    var features: [UInt8] = []
    while features.count < bytes { features += tile }
    return Array(features[..<bytes])
  }

  /// Runs the tool to prepare inputs.
  private func make(_ output: String, _ arguments: [String]) throws -> String {
    let result = try Tool.run(Places.tool, arguments + ["--output", folder.file(output)])
    #expect(result.status == 0, "\(result.errors)")
    return folder.file(output)
  }

  /// Options of a run that reads `input` for about a second, and writes checkpoints while it does.
  private func slowly(_ input: String) throws -> [String] {
    let size = try FileManager.default.attributesOfItem(atPath: input)[.size] as? Int ?? 0
    return ["--io-rate", "\(max(size >> 10, 1))KiB", "--checkpoint", "0.1s"]
  }

  private func accumulate(_ input: String, _ options: String...) throws -> [String] {
    try ["accumulate", input, "--output", "m.h5"] + slowly(input) + options
  }

  private func arguments(_ subject: Subject) throws -> [String] {
    let sample = Places.sample
    switch subject {
    case .plain: return try accumulate(stream(), "--measure-every", "10000")
    case .compressed: return try accumulate(stream(compressed: true))
    case .pooled: return try accumulate(stream(), "--within", "pooled")
    case .outOfCore:
      // There is room for about half of the means.
      return try accumulate(stream(rows: 1_500, dimension: 4_096, classes: 900), "--memory", "381MiB")
    case .decide:
      let (input, random) = (try stream(), StreamSamples(rows: 300, dimension: 256, scalar: .float32, seed: 3))
      let head = try folder.write("w.npy", NPY.array("<f4", [300, 256], random.features))
      let moments = try make("m.h5", ["accumulate", input])
      return try ["decide", input, "--moments", moments, "--classifier", head, "--output", "d.h5"] + slowly(input)
    case .merge:
      let state = try make("m.h5", ["accumulate", try stream()])
      return ["merge", state, state, state, "--output", "all.h5"]
    case .mergeInPasses:
      // More states with a scatter than one pass takes: what is set aside lies beside the output.
      let state = try make("m.h5", ["accumulate", try stream(rows: 2_000, dimension: 64), "--within", "pooled"])
      return ["merge"] + Array(repeating: state, count: 40) + ["--output", "all.h5"]
    case .write: return ["write", try stream(), "--type", "float32", "--output", "o.npy.zst"]
    case .measure:
      return [
        "measure", try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst", "--within", "pooled"]),
        "--classifier", "\(sample)/model.safetensors#lm_head.weight", "--tokenizer", "\(sample)/tokenizer.json",
        "--classes", "c.csv", "--histograms", "h.csv", "--output", "g.json",
      ]
    case .report:
      let state = try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst"])
      let measures = try make("g.json", ["measure", state, "--classes", folder.file("c.csv")])
      return ["report", measures, "--classes", folder.file("c.csv"), "--output", "r.html"]
    case .run: return ["run", try pipeline(out: "out")]
    case .runWithoutFolder: return ["run", try pipeline(out: nil)]
    }
  }

  /// The quickstart. Without an output folder, its states exist only during the run.
  private func pipeline(out: String?) throws -> String {
    let data = Places.sample
    return try folder.write(
      "p.yaml",
      text: """
        \(out.map { "parameters: { out: \($0) }" } ?? "")
        stages:
          train: { uses: read, files: "\(data)/train-*.npy.zst" }
          validation: { uses: read, files: "\(data)/validation.npy.zst" }
          moments: { uses: accumulate, from: train, within: pooled }
          decisions:
            { uses: decide, from: validation, moments: moments, classifier: "\(data)/model.safetensors#lm_head.weight" }
          geometry:
            { uses: measure, moments: moments, decisions: decisions, classifier: "\(data)/model.safetensors#lm_head.weight",
              classes: c.csv, histograms: h.csv, output: g.json }
          page: { uses: report, measures: geometry, tokens: "\(data)/tokenizer.json", output: r.html }
        """)
  }

  @Test("After any number of kills: the same bytes, and nothing in the folder but outputs", arguments: Subject.allCases)
  func killed(subject: Subject) throws {
    let arguments = try arguments(subject)
    let (whole, command) = (try KilledCommand(arguments), try KilledCommand(arguments))
    let time = try whole.run()
    let expected = (entries: try whole.entries, outputs: try whole.outputs)
    func check() throws {
      #expect(try command.entries == expected.entries)
      #expect(try command.outputs == expected.outputs)
      #expect(try command.leftInScratch == [])
    }
    var random = SeededGenerator(Self.kills)
    let wanted = (Self.kills + Subject.allCases.count - 1) / Subject.allCases.count
    var (killed, resumed, attempts) = (0, 0, 0)
    // Some runs end before they are killed.
    while killed < wanted, attempts < 4 * wanted + 50 {
      attempts += 1
      let end = try command.run(killed: moment(attempts, of: time, &random))
      if command.words.contains("resuming from a checkpoint") { resumed += 1 }
      guard end != .killed else {
        killed += 1
        continue
      }
      #expect(end == .exited(0), "\(command.words)")
      try check()
      try command.clear()
    }
    #expect(killed == wanted)
    _ = try command.run()
    try check()
    if command.words.contains("resuming from a checkpoint") { resumed += 1 }
    if wanted > 10, [.plain, .compressed, .pooled, .decide].contains(subject) { #expect(resumed > 0) }
    if Self.kills > 100 { print("\(subject): \(killed) kills, resumed \(resumed) times") }
  }

  /// Half of the moments are random; the others are when files are written.
  private func moment(_ attempt: Int, of time: Duration, _ random: inout SeededGenerator) -> KilledCommand.Moment {
    let endings = [".partial", ".lock", ".checkpoint", ".previous", ".json", ".h5"]
    guard attempt.isMultiple(of: 2) else { return .after(time * Double.random(in: 0...1, using: &random)) }
    let ending = endings[Int.random(in: 0..<endings.count, using: &random)]
    return .onceThereIs(ending, andThen: .microseconds(Int.random(in: 0...20_000, using: &random)))
  }
}
