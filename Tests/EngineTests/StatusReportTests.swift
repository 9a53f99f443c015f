import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Storage

@Suite("Status report")
struct StatusReportTests {
  private var record: StatusRecord {
    StatusRecord(
      pipeline: "quickstart",
      owner: ProcessIdentity(host: "node3", boot: "b", namespace: "n", pid: 7, start: 1, user: "ana"), state: .running,
      error: nil, started: "2026-01-01T00:00:00Z", updated: "2026-01-01T01:00:00Z", seconds: 3600, memory: 3 << 30,
      peakMemory: 4 << 30, retries: 0, bottleneck: "train",
      stages: [
        .init(
          name: "train", kind: "read", state: "running", done: 41, goal: 100, unit: "B", rows: 1_200_000,
          rowsPerSecond: 1000, seconds: 1200, worked: 900, waited: 300),
        .init(
          name: "geometry", kind: "measure", state: "waiting", done: 0, goal: 0, unit: "tiles", rows: 0,
          rowsPerSecond: 0, seconds: 0, worked: 0, waited: 0),
      ])
  }

  @Test("A table shows the progress of each stage")
  func table() {
    let table = StatusReport(record, presence: .alive, age: 1).table
    #expect(
      table == """
        quickstart: running
        pid 7 of ana on node3, started 2026-01-01T00:00:00Z, updated 2026-01-01T01:00:00Z, memory 3.0 GiB, peak 4.0 GiB
        stage     state    done     rows       rows/s  time   waited
        train     running  41 %     1\u{202F}200\u{202F}000  1\u{202F}000   20:00  5:00
        geometry  waiting  0 tiles                     0.0 s  0.0 s

        """)
  }

  @Test("A run whose process is gone is reported so; one elsewhere that is silent may be gone")
  func gone() {
    func first(_ presence: ProcessIdentity.Presence, _ age: Double, _ state: StatusRecord.State = .running) -> String {
      var record = record
      record.state = state
      return String(StatusReport(record, presence: presence, age: age).table.prefix { $0 != "\n" })
    }
    #expect(first(.gone, 1) == "quickstart: gone: its process ended without a report")
    #expect(first(.elsewhere, 5) == "quickstart: running")
    #expect(first(.elsewhere, 3725) == "quickstart: running or gone: no update for 1:02:05 by this machine's clock")
    // A clock that is behind.
    #expect(first(.elsewhere, -1e6) == "quickstart: running")
    for state in [StatusRecord.State.done, .failed, .interrupted] {
      #expect(first(.gone, 1e6, state) == "quickstart: \(state.rawValue)")
    }
  }

  @Test("The report is read from a folder or a file; anything else is an error that says what to name")
  func read() throws {
    let folder = try TemporaryFolder()
    let none = try #require(throws: StreamError.self) { _ = try StatusReport(folder.path) }
    #expect(none.diagnosis.file == folder.file("status.json"))
    try folder.write("status.json", text: record.json)
    #expect(try StatusReport(folder.path).json == record.json)
    #expect(try StatusReport(folder.file("status.json")).json == record.json)
    try folder.write("other", text: "{}")
    let other = try #require(throws: StreamError.self) { _ = try StatusReport(folder.file("other")) }
    #expect(other.isBadInput)
  }
}
