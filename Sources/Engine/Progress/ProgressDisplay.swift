import Foundation
import Logging
import Storage
import Support

/// Shows the progress of running stages on standard error. A capable terminal has one line per stage, redrawn. Other
/// terminals and logs get a line now and then.
package struct ProgressDisplay: Sendable {
  let log: Logger
  /// Time between lines in a log.
  var interval = Duration.seconds(30)
  private let redraws =
    isatty(STDERR_FILENO) == 1 && TerminalLines.isUnderstood(by: ProcessInfo.processInfo.environment["TERM"])

  /// Shows a run until the task is cancelled. Uses a monotonic clock.
  func show(_ status: RunStatus) async {
    var lastLine = SuspendingClock.now
    var retries = FileReopens.count
    var told = 0.0
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(redraws ? 200 : 500))
      if Task.isCancelled { break }
      if FileReopens.count > retries {
        retries = FileReopens.count
        log.warning("a server forgot an open file; it was reopened (\(retries) times so far)")
      }
      let stall = status.stall(after: interval)
      if let stall, stall.seconds >= 2 * told {
        if !redraws { log.warning("\(stall.text)") }
        told = stall.seconds
      } else if stall == nil {
        told = 0
      }
      let running = RunStatus.stages(status.running, waiting: PipeWaits.longest)
      let memory = "memory \(ByteCount.describe(ProcessMemory.bytes("VmRSS")))"
      if redraws {
        if status.seconds > 1 {
          StandardStreams.show(running.map(Self.line) + [stall?.text, memory].compactMap(\.self))
        }
      } else if SuspendingClock.now - lastLine >= interval {
        lastLine = .now
        log.info("\((running.map(Self.line) + [memory]).joined(separator: " | "))")
      }
    }
    if redraws { StandardStreams.show([]) }
  }

  /// `train: 41 %, 1 200 000 rows, 812 000 rows/s, 0:12 left, 3 % waiting`.
  static func line(_ stage: StatusRecord.Stage) -> String {
    // If only rows are counted, they are given once.
    var parts = stage.goal == 0 && stage.unit == "rows" && stage.rows > 0 ? [] : [progress(stage)]
    if stage.rows > 0 {
      parts.append("\(grouped(stage.rows)) rows, \(grouped(Int(saturating: stage.rowsPerSecond))) rows/s")
    }
    if stage.goal > 0, stage.done > 0, stage.done < stage.goal {
      if stage.unit == "B", stage.rows == 0 {
        parts.append("\(ByteCount.describe(Int(saturating: Double(stage.done) / max(stage.seconds, 0.1))))/s")
      }
      parts.append("\(time(stage.seconds * Double(stage.goal - stage.done) / Double(stage.done), rounded: true)) left")
    }
    if stage.worked + stage.waited > 0 {
      parts.append("\(Int(saturating: 100 * stage.waited / (stage.worked + stage.waited))) % waiting")
    }
    return "\(stage.name): " + parts.joined(separator: ", ")
  }

  /// How much of its work a stage has done: a percentage, or an amount if the total is unknown.
  static func progress(_ stage: StatusRecord.Stage) -> String {
    if stage.goal > 0 {
      return "\(Int(saturating: 100 * (Double(min(stage.done, stage.goal)) / Double(stage.goal)))) %"
    }
    return stage.unit == "B" ? ByteCount.describe(stage.done) : "\(grouped(stage.done)) \(stage.unit)"
  }

  /// `0.4 s`, `12.3 s`, `2:05`, `3:02:05`.
  package static func time(_ seconds: Double, rounded: Bool = false) -> String {
    if seconds < 60, !rounded { return String(format: "%.1f s", seconds) }
    let whole = Int(saturating: min(max(seconds, 0), 1e9))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, whole % 60) : String(format: "%d:%02d", minutes, whole % 60)
  }

  /// 1234567 as `1 234 567`.
  package static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append("\u{202F}") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }
}
