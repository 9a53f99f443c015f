import Foundation
import Plan
import Stages
import Support

/// What a pipeline asks of Slurm for its jobs: the `slurm:` of a file, and of a stage, which goes before it.
///
/// An empty value is as if it were not there, so that a parameter can stand for one that some clusters need.
struct SlurmSettings: PipelineSection, Equatable {
  package static let name = "slurm"
  package static let help = "what run --executor slurm asks for each job; a stage may have a slurm of its own"
  package static let summary = "what each job asks of Slurm"

  /// `#SBATCH` options with one value, by name.
  private(set) var directives: [String: String] = [:]
  private(set) var minutes: Int?
  private(set) var megabytes: Int?
  /// Tasks of an array that run at once.
  private(set) var throttle: Int?
  /// How often a task that failed is tried again.
  private(set) var retries = 2
  /// A folder on each node, as its shell knows it.
  private(set) var scratch: String?
  /// Further options of sbatch, as they are written after `#SBATCH`.
  private(set) var lines: [String] = []
  /// Lines for the shell before the program starts.
  private(set) var setup: [String] = []

  package static let specs = [
    OptionSpec("account", "the account that is charged"),
    OptionSpec("partition", "the partition, or several with commas"),
    OptionSpec("qos", "the quality of service"),
    OptionSpec("constraint", "features that a node must have"),
    OptionSpec(
      "time", "the longest a job may take, as in 4h or 1-12:00:00; by default what the plan expects, four times over"),
    OptionSpec("memory", "memory of a job, as in 64GiB; by default what the plan expects", .bytes),
    OptionSpec("cpus", "processors of a job, and so its threads; by default as many as the cluster gives", .count()),
    OptionSpec(
      "throttle", "tasks of an array that run at once, at most; by default as many as the cluster starts", .count()),
    OptionSpec("retries", "how often a task that failed is tried again; 2 by default", .count(atLeast: 0)),
    OptionSpec(
      "scratch",
      "a folder on each node's own disk for what finds no memory, as the shell there knows it: $TMPDIR; by default that of the outputs"
    ),
    OptionSpec("lines", "further options of sbatch, as in --exclude=n7", list: true),
    OptionSpec(
      "setup", "lines for the shell before the program starts, as in module load zstd; one that fails ends the job",
      list: true),
  ]

  private static let plain = ["account", "partition", "qos", "constraint"]

  init() {}

  /// Decodes those of a file and those of a stage, which go before. `problems` gets what is wrong with them.
  package init(
    _ options: StageDescription.Options, over common: StageDescription.Options, at place: Place,
    _ problems: inout [Problem]
  ) {
    let given = common.merging(options) { _, own in own }.filter { _, option in
      !option.values.allSatisfy(\.value.isEmpty) || option.values.isEmpty
    }
    var decoder = OptionDecoder(
      StageDescription(name: Self.name, kind: Located(Self.name, place), options: given), Self.specs)
    for name in Self.plain + ["scratch", "lines", "setup"] {
      for text in decoder.list(name) where text.value.contains(where: \.isNewline) {
        decoder.complain(text.place, "expected one line for \(name)", advice: "write a list of lines")
      }
    }
    for line in decoder.list("lines") where !line.value.hasPrefix("-") {
      decoder.complain(
        line.place, "expected an option of sbatch for lines, found “\(line.value)”",
        advice: "write, for example, \(line.place.example("lines", "--exclude=n7"))")
    }
    for name in Self.plain {
      guard let text = decoder.located(name) else { continue }
      if text.value.contains(where: \.isWhitespace) {
        decoder.complain(
          text.place, "expected \(name) without blanks, found “\(text.value)”", advice: "write further options as lines"
        )
      }
      directives[name] = text.value
    }
    minutes = Self.minutes(&decoder)
    megabytes = decoder.bytes("memory").map { max(1, ($0 + (1 << 20) - 1) >> 20) }
    directives["cpus-per-task"] = decoder.count("cpus").map { "\($0)" }
    throttle = decoder.count("throttle")
    retries = decoder.count("retries", atLeast: 0) ?? retries
    scratch = decoder.text("scratch")
    lines = decoder.list("lines").map(\.value)
    setup = decoder.list("setup").map(\.value)
    problems += decoder.problems
  }

  /// Minutes, of `90min` or of what Slurm itself takes: minutes, or [days-]hours:minutes[:seconds].
  private static func minutes(_ decoder: inout OptionDecoder) -> Int? {
    guard let option = decoder.located("time") else { return nil }
    if let minutes = slurmMinutes(option.value), minutes > 0 { return minutes }
    if let span = DurationText.parse(option.value) { return max(1, Int((span / .seconds(60)).rounded(.up))) }
    decoder.complain(
      option.place, "expected a span of time for time, found “\(option.value)”",
      advice: "write, for example, \(option.place.example("time", "4h")), or 1-12:00:00")
    return nil
  }

  private static func slurmMinutes(_ text: String) -> Int? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let clock = (parts.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = clock.compactMap { $0 }
    guard numbers.count == clock.count, numbers.allSatisfy({ (0...1_000_000).contains($0) }), parts.count <= 2 else {
      return nil
    }
    if parts.count == 2 {
      guard let days = Int(parts[0]), (0...366).contains(days), (1...3).contains(numbers.count) else { return nil }
      let seconds = zip(numbers, [3600, 60, 1]).map { $0 * $1 }.reduce(0, +)
      return days * 1440 + (seconds + 59) / 60
    }
    switch numbers.count {
    case 1: return numbers[0]
    case 2: return numbers[0] + (numbers[1] > 0 ? 1 : 0)
    case 3: return numbers[0] * 60 + numbers[1] + (numbers[2] > 0 ? 1 : 0)
    default: return nil
    }
  }
}

extension SlurmSettings {
  /// Memory where the file says none: what is expected, a quarter more, and some for libraries.
  mutating func suggest(bytes: Int) {
    guard megabytes == nil, bytes < 1 << 50 else { return }
    megabytes = (bytes + bytes / 4) >> 20 + 256
  }

  /// Time where the file says none: what is expected four times over, and a quarter of an hour.
  mutating func suggest(seconds: Double) {
    guard minutes == nil, seconds < 366 * 86_400 else { return }
    minutes = 15 + Int(4 * seconds / 60)
  }
}

extension KindRegistry {
  /// Every kind of stage, and `slurm`.
  package static let standard = KindRegistry(StageKinds.all, sections: [SlurmSettings.self])
}

extension PipelineGraph {
  /// What holds for every job.
  var slurm: SlurmSettings { sections[SlurmSettings.name] as? SlurmSettings ?? SlurmSettings() }
}

extension PipelineGraph.Stage {
  /// What holds for its job.
  var slurm: SlurmSettings { sections[SlurmSettings.name] as? SlurmSettings ?? SlurmSettings() }
}

extension StageDescription {
  /// Whether it asks for something of its own.
  var hasSlurm: Bool { sections[SlurmSettings.name]?.isEmpty == false }
}
