import Foundation
import Storage
import Support

/// The report of `collapse status` on a run, from its status file.
package struct StatusReport: Sendable {
  package let record: StatusRecord
  private let presence: ProcessIdentity.Presence
  /// Seconds since the file was written, by this machine's clock.
  private let age: Double

  /// The name of the status file in an output folder.
  package static let fileName = "status.json"

  /// Reads a status file, or the one in a folder. Throws `StreamError` if there is none.
  package init(_ place: String) throws {
    let file = Files.isFolder(place) ? place + "/" + Self.fileName : place
    guard let data = Files.contents(of: file) else {
      throw StreamError(
        .missing, file: file, expected: "the status of a run", found: "no file",
        advice: "name a pipeline's output folder, or the file given with --status-file")
    }
    guard let record = try? JSONDecoder().decode(StatusRecord.self, from: data) else {
      throw StreamError(
        .corrupt, file: file, expected: "the status of a run", found: "something else",
        advice: "name the status file of a run")
    }
    self.init(record, presence: record.owner.presence, age: Files.age(of: file) ?? 0)
  }

  init(_ record: StatusRecord, presence: ProcessIdentity.Presence, age: Double) {
    (self.record, self.presence, self.age) = (record, presence, age)
  }

  private var state: String {
    guard record.state == .running else { return record.state.rawValue }
    switch presence {
    case .alive: return "running"
    case .gone: return "gone: its process ended without a report"
    case .elsewhere:
      return age < 60
        ? "running" : "running or gone: no update for \(ProgressDisplay.time(age)) by this machine's clock"
    }
  }

  /// For programs.
  package var json: String { record.json }

  /// For people.
  package var table: String {
    var lines = [
      "\(record.pipeline): \(state)",
      "\(record.owner.description), started \(record.started), updated \(record.updated), "
        + "memory \(ByteCount.describe(record.memory)), peak \(ByteCount.describe(record.peakMemory))",
    ]
    if record.retries > 0 { lines.append("files reopened: \(record.retries)") }
    if let stall = record.stall { lines.append(stall) }
    if let error = record.error { lines.append(error) }
    let rows = record.stages.map { stage in
      [
        stage.name, stage.state, ProgressDisplay.progress(stage),
        stage.rows > 0 ? ProgressDisplay.grouped(stage.rows) : "",
        stage.rows > 0 ? ProgressDisplay.grouped(Int(stage.rowsPerSecond)) : "", ProgressDisplay.time(stage.seconds),
        ProgressDisplay.time(stage.waited),
      ]
    }
    return lines.joined(separator: "\n") + "\n"
      + TextTable([["stage", "state", "done", "rows", "rows/s", "time", "waited"]] + rows).text + "\n"
  }
}
