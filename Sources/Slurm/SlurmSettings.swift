import Foundation
import Plan
import Stages
import Support

/// Slurm settings of a pipeline's jobs: `slurm:` at the top of a file, or in a stage, which takes precedence.
struct SlurmSettings: PipelineSection, Equatable {
  static let name = "slurm"
  static let help = "what run --executor slurm requests for each job; a stage may have its own slurm section"
  static let summary = "what each job requests from Slurm"
  static let settings: [Setting<Self>] = [
    .init(\.directives["account"], "account", "the account to charge"),
    .init(\.directives["partition"], "partition", "the partition, or several separated by commas"),
    .init(\.directives["qos"], "qos", "the quality of service"),
    .init(\.directives["constraint"], "constraint", "node features that the job requires"),
    .init(
      \.time, "time",
      "time limit of a job, as in 4h or 1-12:00:00; by default four times what the plan expects"),
    .init(
      \.memory, "memory", "memory of a job, as in 64GiB, or in MiB as for sbatch; by default what the plan expects"),
    .init(\.cpus, "cpus", "processors, and so threads, of a job; by default what the cluster gives"),
    .init(
      \.throttle, "throttle", "most tasks of an array to run at once; by default as many as the cluster starts"),
    .init(\.retries, "retries", "how often to retry a failed task; 2 by default", .count(atLeast: 0)),
    .init(
      \.scratchText, "scratch",
      "a folder on each node's local disk for data that does not fit in memory, such as $TMPDIR; by default the output folder; needs --allow-commands"
    ),
    .init(\.lines, "lines", "more sbatch options, as in --exclude=n7; need --allow-commands"),
    .init(
      \.setup, "setup",
      "shell lines to run before the program, as in module load zstd; a failing line ends the job; need --allow-commands"
    ),
  ]

  /// `#SBATCH` options with one value, by name.
  private(set) var directives: [String: String] = [:]
  private var time: SlurmTime?
  private var memory: SlurmMemory?
  private var cpus: Int?
  private(set) var minutes: Int?
  private(set) var megabytes: Int?
  /// Most tasks of an array to run at once.
  private(set) var throttle: Int?
  /// How often to retry a failed task.
  private(set) var retries = 2
  private var scratchText: Located<String>?
  /// A folder on each node.
  private(set) var scratch: NodeFolder?
  /// More sbatch options, as written after `#SBATCH`.
  private(set) var lines: [Located<String>] = []
  /// Shell lines to run before the program.
  private(set) var setup: [Located<String>] = []

  init() {}

  var commands: [PipelineCommand] {
    func commands(_ key: String, _ texts: [Located<String>], _ effect: String) -> [PipelineCommand] {
      texts.map { PipelineCommand(key, $0, effect: effect, runner: .jobs) }
    }
    return commands("setup", setup, "runs a shell line in jobs")
      + commands("lines", lines, "gives sbatch an option")
      + commands("scratch", [scratchText].compactMap(\.self), "lets the shell of each node name a folder")
  }

  /// Longest value of an `#SBATCH` option in bytes.
  private static let longestWord = 1000

  /// Checks texts that go into scripts.
  mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    let words = ["account", "partition", "qos", "constraint"]
    for name in words + ["scratch", "lines", "setup"] {
      for text in decoder.list(name) where !ScriptText.isOneLine(text.value) {
        let isOneLine = !text.value.contains(where: \.isNewline)
        decoder.addProblem(
          text.place, "expected one line\(isOneLine ? " without control characters" : "") for \(name)",
          advice: isOneLine ? "remove them" : "write a list of lines")
      }
    }
    for line in decoder.list("lines") where !line.value.hasPrefix("-") {
      decoder.addProblem(
        line.place, "expected an sbatch option for lines, found “\(line.value)”",
        advice: "write, for example, \(line.place.example("lines", "--exclude=n7"))")
    }
    for name in words {
      guard let text = decoder.located(name) else { continue }
      if text.value.unicodeScalars.contains(where: \.properties.isWhitespace) {
        decoder.addProblem(
          text.place, "expected \(name) without blanks, found “\(text.value)”",
          advice: "write other options under lines")
      } else if text.value.utf8.count > Self.longestWord {
        decoder.addProblem(
          text.place, "expected at most \(Self.longestWord) bytes for \(name), found \(text.value.utf8.count)",
          advice: "shorten it")
      }
    }
    do {
      scratch = try scratchText.map { try NodeFolder($0.value) }
    } catch let error as NodeFolder.NotAVariable {
      let names = NodeFolder.variables.map { "$\($0)" }
      decoder.addProblem(
        scratchText?.place ?? decoder.stage.kind.place,
        "expected \(names.dropLast().joined(separator: ", ")) or \(names.last ?? "") in scratch, found “\(error.text)”",
        advice: "write the folder's name, or set TMPDIR to it under setup")
    } catch {}
    minutes = time?.minutes
    megabytes = memory?.megabytes
    directives["cpus-per-task"] = cpus.map { "\($0)" }
  }
}

/// A job's time limit: `90min`, or Slurm's forms: minutes or [days-]hours:minutes[:seconds].
private struct SlurmTime: OptionValue, Equatable {
  let minutes: Int

  static var optionType: OptionType { .text }

  static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> SlurmTime? {
    if let minutes = slurmMinutes(text.value), minutes > 0 { return SlurmTime(minutes: minutes) }
    if let span = DurationText.parse(text.value) {
      return SlurmTime(minutes: Swift.max(1, Int((span / .seconds(60)).rounded(.up))))
    }
    decoder.refuse(text, spec, expected: "a span of time", example: "4h", more: ", or 1-12:00:00")
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

/// A job's memory: `64GiB`, or a number of MiB, as sbatch reads it.
private struct SlurmMemory: OptionValue, Equatable {
  let megabytes: Int

  static var optionType: OptionType { .text }

  static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> SlurmMemory? {
    if let bytes = ByteCount.parse(text.value, plain: "m") {
      return SlurmMemory(megabytes: Swift.max(1, (bytes + (1 << 20) - 1) >> 20))
    }
    decoder.refuse(text, spec, expected: "an amount of memory", unitFor: "4GiB")
    return nil
  }
}

extension SlurmSettings {
  /// Sets what neither the file nor the plan at hand sets as it was when a job was planned.
  mutating func suggest(_ job: SlurmJob) {
    megabytes = megabytes ?? job.megabytes
    minutes = minutes ?? job.minutes
  }

  /// Sets the memory if the file does not: the forecast, a quarter more, and some for libraries.
  mutating func suggest(bytes: Int) {
    guard megabytes == nil, bytes < 1 << 50 else { return }
    megabytes = (bytes + bytes / 4) >> 20 + 256
  }

  /// Sets the time if the file does not: four times the forecast, plus a quarter of an hour.
  mutating func suggest(seconds: Double) {
    guard minutes == nil, seconds < 366 * 86_400 else { return }
    minutes = 15 + Int(4 * seconds / 60)
  }
}

/// All stage kinds, and the `slurm` section.
package let standardRegistry = KindRegistry(StageKinds.all, sections: [SlurmSettings.self])

extension [String: any PipelineSection] {
  /// The Slurm settings in these sections.
  var slurm: SlurmSettings { self[SlurmSettings.name] as? SlurmSettings ?? SlurmSettings() }
}

extension StageDescription {
  /// Whether it has its own Slurm settings.
  var hasSlurm: Bool { sections[SlurmSettings.name]?.isEmpty == false }
}
