import Foundation
import Logging
import TestSupport
import Testing

@testable import Bench
@testable import Moments
@testable import Plan

@Suite("Bench of merging")
struct MergeBenchTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func options(_ given: [String: String]) throws -> MergeBenchOptions {
    try MergeBenchOptions(
      Dictionary(
        uniqueKeysWithValues: given.map { name, value in
          (name, StageDescription.Option(.option("--\(name)"), [Located(value, .option("--\(name)"))]))
        }), of: "bench")
  }

  @Test("Each number of states has its own time, compared with reading; nothing is left behind")
  func whole() async throws {
    let folder = try TemporaryFolder()
    let options = try options([
      "states": "9", "vocabulary": "50", "dimension": "4", "within": "pooled", "repeats": "2", "threads": "2",
      "scratch": folder.path,
    ])
    #expect(options.counts == [1, 2, 4, 9])
    let report = try await MergeBench(options, log: Self.log).run()
    #expect(report.lines.map(\.states) == [1, 2, 4, 9])
    for line in report.lines {
      #expect(line.merging > 0 && line.merging.isFinite && line.reading > 0 && line.bytes > 0)
      #expect((1...50).contains(line.classes))
    }
    #expect(report.lines[3].bytes > 8 * report.lines[0].bytes)
    let merges = try #require(report.json["merges"])
    #expect("\(merges)".contains("share_of_reading"))
    #expect(report.table.contains("peak memory"))
    #expect(try folder.names.isEmpty)
  }

  @Test("Too little memory is refused before a folder is created")
  func memory() async throws {
    let folder = try TemporaryFolder()
    let options = try options(["states": "1000", "memory": "1B", "scratch": folder.file("missing")])
    let error = await #expect(throws: MomentsError.self) { try await MergeBench(options, log: Self.log).run() }
    #expect(error?.kind == .outOfMemory && error?.diagnosis.expected.contains(" of memory for ") == true)
    #expect(try folder.names.isEmpty)
  }

  @Test("Wrong options are reported with advice", arguments: [("states", "1"), ("dimension", "wide")])
  func wrong(name: String, value: String) {
    #expect(throws: PipelineError.self) { try options([name: value]) }
  }
}
