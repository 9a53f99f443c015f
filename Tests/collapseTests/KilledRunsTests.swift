import Foundation
import TestSupport
import Testing

/// Promise: a run that is killed at any moment is followed by one that ends with the same bytes, and leaves nothing but
/// outputs.
@Suite("Killed runs")
struct KilledRunsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Kills in all that `COLLAPSE_KILLS` asks for.
  private static let asked = ProcessInfo.processInfo.environment["COLLAPSE_KILLS"].flatMap { Int($0) }
  private static let kills = asked ?? 8

  /// What is killed.
  enum Subject: String, CaseIterable {
    case plain, compressed, pooled, parts, outOfCore, tokensApart, decide, merge, mergeInPasses, mergeDecisions,
      write, writePlain, count, measure, measureClasses, compare, collect, study, report, reportOfStudy, bench, run,
      runWithoutFolder, runShards

    /// All of them if kills are asked for; otherwise those that differ most, which takes little time.
    static let chosen =
      asked == nil ? [compressed, parts, decide, merge, write, measureClasses, report, run] : Array(allCases)
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
    let head = "\(sample)/model.safetensors#lm_head.weight"
    switch subject {
    case .plain: return try accumulate(stream(), "--measure-every", "10000")
    case .compressed: return try accumulate(stream(compressed: true))
    case .pooled: return try accumulate(stream(), "--within", "pooled", "--moments", "diagonal")
    case .parts:
      // Sequences that the ends of blocks divide.
      let samples = StreamSamples(rows: 40_000, dimension: 256, scalar: .float16)
      let ids = NPY.array("<i4", [400, 100], NPY.bytes(of: samples.labels))
      let hidden = try folder.write("x.npy", NPY.array("<f2", [40_000, 256], samples.features))
      return try accumulate(
        hidden, "--tokens", folder.write("t.npy", ids), "--within", "pooled", "--moments", "diagonal", "--parts", "3")
    case .outOfCore:
      // There is room for about half of the means, with their second moments.
      return try accumulate(
        stream(rows: 1_500, dimension: 4_096, classes: 900), "--memory", "402MiB", "--moments", "diagonal")
    case .tokensApart:
      let samples = StreamSamples(rows: 60_000, dimension: 64, scalar: .float32)
      let ids = NPY.array("<i4", [600, 100], NPY.bytes(of: samples.labels))
      let hidden = try folder.write("x.npy", NPY.array("<f4", [60_000, 64], samples.features))
      return try accumulate(hidden, "--tokens", folder.write("t.npy", ids), "--status-file", "status.json")
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
    case .mergeDecisions:
      let state = try make("m.h5", ["accumulate", "\(sample)/train-00.npy.zst"])
      let decisions = try ["validation", "train-01"].map {
        try make("\($0).h5", ["decide", "\(sample)/\($0).npy.zst", "--moments", state, "--classifier", head])
      }
      return ["merge"] + decisions + ["--output", "d.h5"]
    case .write: return ["write", try stream(), "--type", "float32", "--output", "o.npy.zst"]
    case .writePlain: return ["write", try stream(), "--type", "bfloat16", "--output", "o.npy"]
    case .count:
      return ["count", try stream(compressed: true), "--output", "counts.csv", "--status-file", "status.json"]
    case .measure:
      return [
        "measure", try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst", "--within", "pooled"]),
        "--classifier", head, "--tokenizer", "\(sample)/tokenizer.json",
        "--classes", "c.csv", "--histograms", "h.csv", "--output", "g.json",
      ]
    case .measureClasses:
      return [
        "measure", try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst"]), "--bands", "4", "--classes", "c.h5",
        "--output", "g.json",
      ]
    case .compare:
      let states = try ["00", "01"].map { try make("\($0).h5", ["accumulate", "\(sample)/train-\($0).npy.zst"]) }
      return ["compare"] + states + ["--same-basis", "--bands", "4", "--classes", "c.csv", "--output", "c.json"]
    case .collect:
      let state = try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst"])
      let measures = try (1...4).map { try make("g\($0).json", ["measure", state, "--min-count", "\($0)"]) }
      return ["collect"] + measures + ["--output", "table.csv"]
    case .study:
      return try study() + ["--output", "s.json", "--csv", "s.csv", "--latex", "s.tex", "--permutations", "200000"]
    case .report:
      let state = try make("m.h5", ["accumulate", "\(sample)/train-*.npy.zst"])
      let measures = try make("g.json", ["measure", state, "--classes", folder.file("c.csv")])
      return ["report", measures, "--classes", folder.file("c.csv"), "--output", "r.html"]
    case .reportOfStudy:
      return ["report", try make("s.json", study()), "--output", "s.html", "--figures", "figures"]
    case .bench:
      return ["bench", "--rows", "200000", "--dimension", "16", "--repeats", "1", "--scratch", "."]
    case .run: return ["run", try pipeline(out: "out"), "--allow-outputs"]
    case .runWithoutFolder: return ["run", try pipeline(out: nil)]
    case .runShards: return ["run", try shards(), "--status-file", "status.json"]
    }
  }

  /// A study of a table of some models.
  private func study() throws -> [String] {
    let rows = (1...12).map { "m\($0),\($0 * $0 % 7),\($0 % 5 + 1),\(3 - Double($0) / 10)" }
    let table = try folder.write(
      "table.csv", text: (["model,nc,width,val_loss"] + rows).joined(separator: "\n") + "\n")
    return ["study", table, "--property", "nc", "--property", "width"]
  }

  /// Stages in shards and over a matrix, every kind of output among them.
  private func shards() throws -> String {
    let data = Places.sample
    return try folder.write(
      "shards.yaml",
      text: """
        parameters: { out: out }
        stages:
          train: { uses: read, files: "\(data)/train-*.npy.zst" }
          again: { uses: read, files: "\(data)/train-*.npy.zst" }
          moments: { uses: accumulate, from: train, shard-files: 1 }
          parts: { uses: accumulate, from: train, shard-files: 1, parts: 2 }
          decisions:
            { uses: decide, from: again, moments: moments, classifier: "\(data)/model.safetensors#lm_head.weight",
              shard-files: 1 }
          copies: { matrix: { type: [float32, float64] }, uses: write, from: train, type: "${type}",
                    output: "${out}/copy.${type}.npy.zst" }
          counts: { uses: count, from: train, output: "${out}/counts.csv" }
          geometry: { matrix: { least: [1, 3] }, uses: measure, moments: moments, decisions: decisions,
                      min-count: "${least}", classes: "${out}/classes.${least}.h5" }
          table: { uses: collect, measures: geometry }
          page: { uses: report, measures: geometry }
        """)
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

  @Test("After any number of kills: the same bytes, and nothing in the folder but outputs", arguments: Subject.chosen)
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
    let wanted = (Self.kills + Subject.chosen.count - 1) / Subject.chosen.count
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
    if wanted > 10, [.plain, .compressed, .pooled, .parts, .decide].contains(subject) { #expect(resumed > 0) }
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
