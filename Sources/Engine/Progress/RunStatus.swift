import Foundation
import Storage
import Synchronization

/// How far a run and each of its stages are.
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

  /// The run is over; stages that still ran are what stopped it, or were stopped with it, or by a signal.
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

  /// As it is now.
  var record: StatusRecord {
    let (state, error) = ending.withLock { $0 }
    return StatusRecord(
      pipeline: pipeline, owner: .current, state: state, error: error, started: started.formatted(.iso8601),
      updated: Date.now.formatted(.iso8601), seconds: seconds, memory: ProcessMemory.bytes("VmRSS"),
      peakMemory: ProcessMemory.bytes("VmHWM"), retries: Retries.count,
      checkpoints: CheckpointStore.kept, bottleneck: bottleneck?.stage,
      stall: state == .running ? stall(after: Self.patience)?.text : nil,
      stages: Self.stages(meters, waiting: PipeWaits.longest))
  }

  /// How far some stages are: a reader counts whole blocks, and while it waits for a pipe all that came from there before.
  ///
  /// Of several readers without an end in sight, nothing says which of them waits.
  static func stages(_ meters: [Meter], waiting wait: PipeWaits.Wait?) -> [StatusRecord.Stage] {
    var stages = meters.map(StatusRecord.Stage.init)
    let readers = stages.indices.filter { number in
      let stage = stages[number]
      return meters[number].isOfReader && meters[number].state == .running && stage.unit == "B" && stage.goal == 0
    }
    if let wait, let reader = readers.first, readers.count == 1 {
      stages[reader].done = max(stages[reader].done, wait.bytes)
    }
    return stages
  }

  /// A pipe from which nothing came for some time; nil where there is none.
  func stall(after time: Duration) -> PipeWaits.Wait? {
    PipeWaits.longest.flatMap { $0.seconds >= time / .seconds(1) ? $0 : nil }
  }

  /// Without bytes of a pipe for so long, its writer may have stalled.
  private static let patience = Duration.seconds(30)

  /// The stage that worked longest, and so the one to speed up; nil before any has.
  var bottleneck: Meter? { meters.filter { $0.worked > 0 }.max { $0.worked < $1.worked } }
}

/// A run's status, as its file holds it.
public struct StatusRecord: Codable, Sendable, Equatable {
  public enum State: String, Codable, Sendable {
    case running, done, failed, interrupted
  }

  public struct Stage: Codable, Sendable, Equatable {
    public var name: String
    public var kind: String
    public var state: String
    public var done: Int
    /// 0 where it is not known.
    public var goal: Int
    public var unit: String
    public var rows: Int
    public var rowsPerSecond: Double
    public var seconds: Double
    public var worked: Double
    public var waited: Double
  }

  public var pipeline: String
  public var owner: ProcessIdentity
  public var state: State
  public var error: String?
  public var started: String
  public var updated: String
  public var seconds: Double
  /// Bytes resident, now and at most.
  public var memory: Int
  public var peakMemory: Int
  /// Files opened anew because their server had forgotten them.
  public var retries: Int
  /// Checkpoints that were kept: with none, a run that is stopped begins where it began.
  public var checkpoints: Int?
  public var bottleneck: String?
  /// A pipe from which nothing comes, in words.
  public var stall: String?
  public var stages: [Stage]

  /// As the file holds it.
  public var json: String { (try? jsonLines()) ?? "" }
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
