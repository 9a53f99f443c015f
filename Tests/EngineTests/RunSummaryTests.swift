import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Run summary")
struct RunSummaryTests {
  private struct Reason: Error, CustomStringConvertible { let description = "no room" }

  @Test("The stage that worked longest set the pace; existing outputs are listed with their sizes")
  func summary() throws {
    let folder = try TemporaryFolder()
    try folder.write("m.h5", [UInt8](repeating: 0, count: 2048))
    let meters = [Meter(stage: "train", unit: "B", goal: 100), Meter(stage: "moments", unit: "rows", goal: 0)]
    for meter in meters { meter.start() }
    meters[0].update(done: 100, rows: 1500)
    meters[0].add(work: .seconds(7))
    meters[0].add(wait: .seconds(2))
    meters[1].add(work: .seconds(3))
    let status = RunStatus("quickstart", meters)
    #expect(status.running.count == 2)
    status.end(.done)
    let lines = RunSummary(status, outputs: [folder.file("m.h5"), folder.file("none.csv")]).lines
    #expect(lines.count == 3)
    #expect(lines[0].hasSuffix(", worked 7.0 s, waited 2.0 s, 1\u{202F}500 rows, 100 B read"))
    #expect(lines[1].hasPrefix("moments: took ") && lines[1].hasSuffix(", worked 3.0 s, waited 0.0 s"))
    #expect(lines[2].hasPrefix("done after ") && lines[2].contains("; train set the pace; peak memory "))
    #expect(lines[2].hasSuffix("; made \(folder.file("m.h5")) (2.0 KiB)"))
  }

  @Test("The size of an output that is a link is that of its target, even through another link")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("m.h5", [UInt8](repeating: 0, count: 3072))
    try FileManager.default.createSymbolicLink(atPath: folder.file("a.h5"), withDestinationPath: "m.h5")
    try FileManager.default.createSymbolicLink(atPath: folder.file("b.h5"), withDestinationPath: folder.file("a.h5"))
    let links = [folder.file("a.h5"), folder.file("b.h5")]
    let outputs = RunSummary(RunStatus("p", []), outputs: links).outputs
    #expect(outputs.map(\.file) == links && outputs.map(\.bytes) == [3072, 3072])
  }

  @Test("With thousands of stages, those that worked longest get a line, and a few files are named")
  func many() throws {
    let folder = try TemporaryFolder()
    let files = try (0..<2000).map { try folder.write("\($0).h5", [0]) }
    let meters = (0..<2000).map { Meter(stage: "s\($0)", unit: "rows", goal: 0) }
    for (number, meter) in meters.enumerated() {
      meter.start()
      meter.add(work: .seconds(number % 100 == 7 ? 60 : 1))
    }
    let status = RunStatus("p", meters)
    status.end(.done)
    let lines = RunSummary(status, outputs: files).lines
    #expect(lines.count == 14)
    #expect(lines[0].hasPrefix("s7: took ") && lines[11].hasPrefix("s1107: took "))
    #expect(lines[12] == "and 1988 faster stages")
    #expect(lines[13].contains("… 1997 more …") && lines[13].count < 1000)
  }

  @Test("If a run fails, running stages have failed, others have not started, and the reason is kept")
  func failed() {
    let meters = ["a", "b", "c"].map { Meter(stage: $0, unit: "rows", goal: 0) }
    meters[0].start()
    meters[0].end(.done)
    meters[1].start()
    let status = RunStatus("p", meters)
    status.end(.failed, Reason())
    let record = status.record
    #expect(record.state == .failed && record.error == "no room" && record.bottleneck == nil)
    #expect(record.stages.map(\.state) == ["done", "failed", "waiting"])
    #expect(record.owner == .current && record.peakMemory >= record.memory && record.memory > 0)
  }
}
