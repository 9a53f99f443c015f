import Foundation
import Logging
import Support
import TestSupport
import Testing

@testable import Bench
@testable import Engine
@testable import Moments
@testable import Plan
@testable import Storage

@Suite("Bench")
struct BenchTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private static let memory = 512 << 20

  private func options(_ given: [String: String]) throws -> BenchOptions {
    try BenchOptions(
      Dictionary(
        uniqueKeysWithValues: given.map { name, value in
          (name, StageDescription.Option(.option("--\(name)"), [Located(value, .option("--\(name)"))]))
        }), of: "bench")
  }

  private func tiny(_ scratch: String, _ given: [String: String] = [:]) throws -> BenchOptions {
    let sizes = [
      "rows": "20000", "dimension": "8", "vocabulary": "100", "repeats": "2", "threads": "2", "scratch": scratch,
    ]
    return try options(sizes.merging(given) { _, given in given })
  }

  private func numbers(_ report: BenchReport) throws -> [String: Double] {
    try Golden.numbers(Array(report.json.text.utf8))
  }

  private static let subjects = [
    "memory", "decode_one_thread", "decode", "read_npy", "kernel", "end_to_end_npy", "end_to_end_npy_zst",
    "start_classes_state",
  ]

  @Test(
    "Every subject has a positive, finite time and rate, in JSON and in the table; the scratch folder ends up empty"
  )
  func whole() async throws {
    let folder = try TemporaryFolder()
    let report = try await Bench(tiny(folder.path), log: Self.log, memory: Self.memory).run()
    let numbers = try numbers(report)
    // On a busy machine, subtracting two passes from a run's time may leave nothing.
    #expect(numbers["start_classes_state.seconds"].map { $0 >= 0 } ?? false)
    for subject in Self.subjects where subject != "start_classes_state" {
      for member in ["seconds", "bytes_per_second"] {
        let number = numbers["\(subject).\(member)"]
        #expect(number.map { $0 > 0 && $0.isFinite } ?? false, "\(subject).\(member)")
      }
    }
    for subject in Self.subjects where !["memory", "start_classes_state"].contains(subject) {
      #expect(numbers["\(subject).rows_per_second"].map { $0 > 0 && $0.isFinite } ?? false, "\(subject)")
    }
    for subject in ["decode", "kernel", "end_to_end_npy", "end_to_end_npy_zst"] {
      #expect(numbers["\(subject).share_of_limit"].map { $0 > 0 && $0.isFinite } ?? false, "\(subject)")
    }
    #expect(numbers["corpus.npy_seconds"].map { $0 > 0 } ?? false)
    #expect(numbers["corpus.npy_zst_seconds"].map { $0 > 0 } ?? false)
    #expect(numbers["stream.classes"].map { $0 > 50 && $0 <= 100 } ?? false)
    let lines = report.table.split(separator: "\n")
    #expect(lines.count == 2 + 1 + Self.subjects.count + 2)
    #expect(!report.table.contains("nan") && !report.table.contains("inf"))
    #expect(report.json["kernel_with_scatter"] == nil)
    #expect(try folder.names.isEmpty)
  }

  @Test("With the scatter, its kernel has its own line", arguments: ["pooled", "pooled-single"])
  func scatter(within: String) async throws {
    let folder = try TemporaryFolder()
    let options = try tiny(folder.path, ["within": within, "rows": "2000", "repeats": "1", "type": "float32"])
    let report = try await Bench(options, log: Self.log, memory: Self.memory).run()
    #expect(try numbers(report)["kernel_with_scatter.flops_per_second"].map { $0 > 0 } ?? false)
    #expect(report.table.contains("GFLOP/s"))
  }

  @Test("A cancelled bench throws and leaves nothing in its scratch folder")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    let options = try tiny(folder.path, ["rows": "1000000", "repeats": "1000"])
    let task = Task { _ = try await Bench(options, log: Self.log, memory: 4 * Self.memory).run() }
    for _ in 0..<1_000 where try folder.names.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try folder.names.isEmpty)
  }

  @Test("A stream too large for memory or the scratch folder is refused before anything is written")
  func room() async throws {
    let folder = try TemporaryFolder()
    let large = Bench(try tiny(folder.path, ["rows": "1e9"]), log: Self.log, memory: Self.memory)
    let error = await #expect(throws: MomentsError.self) { _ = try await large.run() }
    #expect(error?.diagnosis.advice.contains("--rows") ?? false)
    let huge = Bench(try tiny(folder.path, ["rows": "1e10", "dimension": "4096"]), log: Self.log, memory: .max)
    let refusal = await #expect(throws: StreamError.self) { _ = try await huge.run() }
    #expect(refusal?.kind == .cannotWrite)
    #expect(refusal?.diagnosis.advice.contains("--scratch") ?? false)
    #expect(try folder.names.isEmpty)
    let noOutput = Bench(try tiny(folder.file("none")), log: Self.log, memory: Self.memory)
    let missing = await #expect(throws: StreamError.self) { _ = try await noOutput.run() }
    #expect(missing?.kind == .cannotWrite)
  }

  @Test("All wrong values are reported, each with a suggestion")
  func wrongOptions() {
    let error = #expect(throws: PipelineError.self) {
      try options([
        "rows": "none", "dimension": "0", "type": "float61", "within": "poled", "corpus": "1.5", "witin": "none",
      ])
    }
    #expect(error?.problems.count == 6)
    #expect(error?.isUsage ?? false)
    #expect(error?.description.contains("did you mean “float16”?") ?? false)
    #expect(error?.description.contains("did you mean “within”?") ?? false)
  }

  @Test("The defaults are GPT-2's sizes, and rows of 1.2 GB, a million, or a quarter of the memory")
  func defaults() throws {
    let options = try options([:])
    #expect(options.dimension == 768 && options.vocabulary == 50_257 && options.type == .float16)
    #expect(options.repeats == 3 && options.corpus == 1_000_000_000 && options.within == .none)
    func rows(_ rowBytes: Int, _ within: WithinScatter = .none, memory: Int = 64 << 30) -> Int {
      BenchOptions.defaultRows(rowBytes: rowBytes, dimension: rowBytes / 2, within: within, memory: memory)
    }
    #expect(
      options.rows == rows(1_536, memory: ResourceLimits.memory)
        && rows(1_536, memory: 512 << 20) == (128 << 20) / 1_536)
    #expect(rows(1_536) == 781_250)
    #expect(rows(128) == 1_000_000)
    #expect(rows(1_536, .pooled) == 254_313)
    #expect(rows(8_192, .pooled) == 16_384)
    #expect(rows(2 << 20) == 572)
  }

  @Test("Amounts may be written with an exponent")
  func amounts() throws {
    #expect(try options(["rows": "2e5", "corpus": "1e10"]).rows == 200_000)
    #expect(try options(["corpus": "10000000000"]).corpus == 10_000_000_000)
  }

  @Test("Only the second of two passes is timed")
  func passes() {
    let clock = PassClock(rows: 100)
    clock.note(50)
    #expect(clock.secondPass == nil)
    clock.note(100)
    Thread.sleep(forTimeInterval: 0.01)
    clock.note(200)
    #expect(clock.secondPass.map { $0 >= 0.01 } ?? false)
    let short = PassClock(rows: 10)
    short.note(0)
    short.note(20)
    #expect(short.secondPass == nil)
  }

  @Test("Durations are written the way people say them")
  func durations() {
    let durations = [0.4, 8.2, 99, 120, 5_940, 11_100, 1e6].map(BenchReport.duration)
    #expect(durations == ["0 s", "8 s", "99 s", "2 min", "99 min", "3 h 05 min", "277 h 47 min"])
    #expect(BenchReport.duration(.nan) == "for ever")
  }

  @Test("The processor's name is that of its first model, if the system lists one")
  func processor() {
    let text = "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9B14: Genoa\n\nmodel name\t: other\n"
    #expect(Processor.name(in: text) == "AMD EPYC 9B14: Genoa")
    #expect(Processor.name(in: "model name\t: \n") == nil)
    #expect(Processor.name(in: "") == nil)
  }
}
