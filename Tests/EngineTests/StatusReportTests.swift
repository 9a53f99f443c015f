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

  @Test("Impossible numbers in a status file are bad input, and never a crash")
  func impossible() throws {
    let folder = try TemporaryFolder()
    let json = record.json
    for (old, new) in [
      ("\"rowsPerSecond\" : 1000", "\"rowsPerSecond\" : 1e19"), ("\"rows\" : 1200000", "\"rows\" : \(Int.min)"),
      ("\"done\" : 41", "\"done\" : \(Int.min)"), ("\"pid\" : 7", "\"pid\" : -1"), ("\"pid\" : 7", "\"pid\" : 0"),
      ("\"pid\" : 7", "\"pid\" : 4294967303"), ("\"waited\" : 300", "\"waited\" : -1e300"),
      ("\"seconds\" : 1200", "\"seconds\" : 1e300"), ("\"memory\" : 3221225472", "\"memory\" : \(Int.min)"),
    ] {
      let changed = json.replacing(old, with: new)
      #expect(changed != json, "\(old)")
      try folder.write("status.json", text: changed)
      let error = #expect(throws: (any Error).self) { _ = try StatusReport(folder.path) }
      #expect("\(try #require(error))".contains("status.json: expected"), "\(new)")
    }
    // The largest numbers that are read can be shown.
    try folder.write(
      "status.json",
      text: json.replacing("\"done\" : 41", with: "\"done\" : \(Int.max)")
        .replacing("\"goal\" : 100", with: "\"goal\" : \(Int.max)")
        .replacing("\"rowsPerSecond\" : 1000", with: "\"rowsPerSecond\" : 1e15"))
    #expect(try StatusReport(folder.path).table.contains("100 %"))
  }

  @Test("What a status file says cannot look like a line of the report, or move the cursor")
  func hostileTexts() {
    var record = record
    record.pipeline = "p\nquickstart: done\u{1B}[1A"
    record.error = "e\u{202E}\nquickstart: done\n  → advice"
    record.stages[0].name = "a\nb"
    let table = StatusReport(record, presence: .alive, age: 1).table
    #expect(table.hasPrefix("p\\nquickstart: done\\x1B[1A: running\n"), "\(table)")
    #expect(table.contains("\ne\\u202E\n  quickstart: done\n  → advice\n"), "\(table)")
    #expect(table.contains("\na\\nb "), "\(table)")
  }
}
