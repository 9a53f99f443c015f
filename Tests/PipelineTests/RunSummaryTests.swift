import TestSupport
import Testing

@testable import Pipeline

@Suite("Run summary")
struct RunSummaryTests {
  private struct Reason: Error, CustomStringConvertible { let description = "no room" }

  @Test("The stage that worked longest set the pace; outputs are named with their sizes, where they are there")
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
    #expect(lines[2].hasPrefix("done after ") && lines[2].contains("; train set the pace; memory "))
    #expect(lines[2].hasSuffix("; made \(folder.file("m.h5")) (2.0 KiB)"))
  }

  @Test("What still ran when a run failed has failed, what had not begun has not, and why is kept")
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
