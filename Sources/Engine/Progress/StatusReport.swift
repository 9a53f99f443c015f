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

  /// The status file that a user names: a file, or the one in a folder.
  package static func file(of place: String) -> String {
    Files.isFolder(place) ? place + "/" + fileName : place
  }

  /// Reads a status file, or the one in a folder. Throws `StreamError` if there is none.
  package init(_ place: String) throws {
    let file = Self.file(of: place)
    guard let data = try Files.contents(of: file) else {
      throw StreamError(
        .missing, file: file, expected: "the status of a run", found: "no file",
        advice: "name a pipeline's output folder, or the file given with --status-file")
    }
    let record = try StatusRecord(json: data, of: file)
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
      VisibleText.line("\(record.pipeline): \(state)"),
      VisibleText.line(
        "\(record.owner.description), started \(record.started), updated \(record.updated), "
          + "memory \(ByteCount.describe(record.memory)), peak \(ByteCount.describe(record.peakMemory))"),
    ]
    if record.retries > 0 { lines.append("files reopened: \(record.retries)") }
    if let stall = record.stall { lines.append(VisibleText.line(stall)) }
    // Lines after the first are indented, so that a name in the error cannot look like a line of this report.
    let error = record.error?.split(separator: "\n").map { VisibleText.line($0.trimmingCharacters(in: .whitespaces)) }
    if let error { lines.append(error.joined(separator: "\n  ")) }
    let rows = record.stages.map { stage in
      [
        stage.name, stage.state, ProgressDisplay.progress(stage),
        stage.rows > 0 ? ProgressDisplay.grouped(stage.rows) : "",
        stage.rows > 0 ? ProgressDisplay.grouped(Int(saturating: stage.rowsPerSecond)) : "",
        ProgressDisplay.time(stage.seconds),
        ProgressDisplay.time(stage.waited),
      ]
    }
    return lines.joined(separator: "\n") + "\n"
      + TextTable([["stage", "state", "done", "rows", "rows/s", "time", "waited"]] + rows).text + "\n"
  }
}
