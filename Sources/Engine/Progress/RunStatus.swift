import Foundation
import Storage
import Support
import Synchronization

/// The progress of a run and each of its stages.
final class RunStatus: Sendable {
  let pipeline: String
  let meters: [Meter]
  private let started = Date.now
  private let clock = SuspendingClock.now
  private let ending = Mutex<(state: StatusRecord.State, error: String?)>((.running, nil))

  init(_ pipeline: String, _ meters: [Meter]) {
    (self.pipeline, self.meters) = (pipeline, meters)
  }

  var running: [Meter] { meters.filter { $0.state == .running } }

  var seconds: Double { (.now - clock) / .seconds(1) }

  /// Ends the run. Stages still running either caused the end, or were stopped with it or by a signal.
  func end(_ state: StatusRecord.State, _ error: (any Error)? = nil) {
    let last: Meter.State =
      switch state {
      case .done: .done
      case .interrupted: .stopped
      case .running, .failed: .failed
      }
    for meter in meters { meter.end(last) }
    ending.withLock { $0 = (state, state == .failed ? error.map { "\($0)" } : nil) }
  }

  /// A snapshot of the status.
  var record: StatusRecord {
    let (state, error) = ending.withLock { $0 }
    return StatusRecord(
      pipeline: pipeline, owner: .current, state: state, error: error, started: started.formatted(.iso8601),
      updated: Date.now.formatted(.iso8601), seconds: seconds, memory: ProcessMemory.bytes("VmRSS"),
      peakMemory: ProcessMemory.bytes("VmHWM"), retries: FileReopens.count,
      checkpoints: CheckpointStore.kept, bottleneck: bottleneck?.stage,
      stall: state == .running ? stall(after: Self.stallAfter)?.text : nil,
      stages: Self.stages(meters, waiting: PipeWaits.longest))
  }

  /// The progress of some stages. A reader counts whole blocks; while it waits for a pipe, it also counts all bytes
  /// that have arrived.
  ///
  /// If several readers have an unknown total, nothing tells which of them waits.
  static func stages(_ meters: [Meter], waiting wait: PipeWaits.Wait?) -> [StatusRecord.Stage] {
    var stages = meters.map(StatusRecord.Stage.init)
    let readers = stages.indices.filter { number in
      let stage = stages[number]
      return meters[number].isOfReader && meters[number].state == .running && stage.unit == "B" && stage.goal == 0
    }
    if let wait, !wait.isOutput, let reader = readers.first, readers.count == 1 {
      stages[reader].done = max(stages[reader].done, wait.bytes)
    }
    return stages
  }

  /// A pipe that has been silent for some time; nil if there is none.
  func stall(after time: Duration) -> PipeWaits.Wait? {
    PipeWaits.longest.flatMap { $0.seconds >= time / .seconds(1) ? $0 : nil }
  }

  /// After this long without bytes from a pipe, its writer may have stalled.
  private static let stallAfter = Duration.seconds(30)

  /// The stage that worked longest, and so the one to speed up; nil if none has worked yet.
  var bottleneck: Meter? { meters.filter { $0.worked > 0 }.max { $0.worked < $1.worked } }
}

/// A run's status, as stored in its file.
package struct StatusRecord: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable {
    case running, done, failed, interrupted
  }

  package struct Stage: Codable, Sendable, Equatable {
    package var name: String
    package var kind: String
    package var state: String
    package var done: Int
    /// 0 if unknown.
    package var goal: Int
    package var unit: String
    package var rows: Int
    package var rowsPerSecond: Double
    package var seconds: Double
    package var worked: Double
    package var waited: Double
  }

  package var pipeline: String
  package var owner: ProcessIdentity
  package var state: State
  package var error: String?
  package var started: String
  package var updated: String
  package var seconds: Double
  /// Resident bytes, now and at peak.
  package var memory: Int
  package var peakMemory: Int
  /// Files reopened because their server had forgotten them.
  package var retries: Int
  /// Checkpoints written. With none, a stopped run starts over.
  package var checkpoints: Int?
  package var bottleneck: String?
  /// Describes a silent pipe.
  package var stall: String?
  package var stages: [Stage]

  /// Status files.
  static let own = OwnFile.json { json in
    guard case .string? = json["pipeline"], case .integer? = json["owner"]?["pid"], case .array? = json["stages"] else {
      return false
    }
    return true
  }

  /// The text of the file.
  package var json: String { (try? jsonLines()) ?? "" }
}

extension StatusRecord {
  /// Reads a status file, which anyone may have written. Throws `StreamError`.
  package init(json: Data, of file: String) throws {
    func bad(_ expected: String, _ found: String) -> StreamError {
      StreamError(.corrupt, file: file, expected: expected, found: found, advice: "name the status file of a run")
    }
    guard let record = try? JSONDecoder().decode(Self.self, from: json) else {
      throw bad("the status of a run", "something else")
    }
    self = record
    let counts = [memory, peakMemory, retries, checkpoints ?? 0] + stages.flatMap { [$0.done, $0.goal, $0.rows] }
    let amounts = [seconds] + stages.flatMap { [$0.rowsPerSecond, $0.seconds, $0.worked, $0.waited] }
    if let count = counts.first(where: { $0 < 0 }) { throw bad("counts from 0", "\(count)") }
    if let amount = amounts.first(where: { !(0...Self.largest).contains($0) }) {
      throw bad("times and rates from 0 to \(Self.largest)", "\(amount)")
    }
    guard owner.pid > 0 else { throw bad("the id of a process", "\(owner.pid)") }
  }

  /// More seconds than a run can take, and more rows than it can read in one.
  private static let largest = 1e15
}

extension StatusRecord.Stage {
  init(_ meter: Meter) {
    let (done, goal, rows) = meter.reading
    let seconds = meter.seconds
    self.init(
      name: meter.stage, kind: meter.kind, state: meter.state.name, done: done, goal: goal, unit: meter.unit,
      rows: rows, rowsPerSecond: seconds > 0 ? Double(rows) / seconds : 0, seconds: seconds, worked: meter.worked,
      waited: meter.waited)
  }
}
