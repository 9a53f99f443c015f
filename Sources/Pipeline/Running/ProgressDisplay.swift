import Foundation
import Logging

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows meters on standard error while stages run: a line that is redrawn on a terminal, a plain line now and then in a
/// log.
struct ProgressDisplay: Sendable {
  let log: Logger
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Shows `meters` until the task is cancelled.
  func show(_ meters: [Meter]) async {
    let start = ContinuousClock.now
    var lastLine = start
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(isTerminal ? 200 : 1000))
      let elapsed = ContinuousClock.now - start
      guard !Task.isCancelled, elapsed > .seconds(1) else { continue }
      let line = meters.map { Self.line($0, after: elapsed) }.joined(separator: " | ")
      if isTerminal {
        Self.redraw(line)
      } else if ContinuousClock.now - lastLine >= .seconds(30) {
        lastLine = .now
        log.info("\(line)")
      }
    }
    if isTerminal { Self.redraw("") }
  }

  private static func redraw(_ line: String) {
    StandardStreams.writeError("\r\u{1B}[K\(line)")
  }

  /// `train: 41 %, 1 200 000 rows, 812 000 rows/s, 0:12 left`.
  static func line(_ meter: Meter, after elapsed: Duration) -> String {
    let (done, goal, rows) = meter.reading
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    var parts: [String] = []
    if goal > 0 {
      parts.append("\(100 * min(done, goal) / goal) %")
    } else {
      parts.append(meter.unit == "B" ? ByteCount.describe(done) : "\(done) \(meter.unit)")
    }
    if rows > 0 { parts.append("\(grouped(rows)) rows, \(grouped(Int(Double(rows) / seconds))) rows/s") }
    if goal > 0, done > 0, done < goal {
      let left = Int(seconds * Double(goal - done) / Double(done))
      parts.append(String(format: "%d:%02d left", left / 60, left % 60))
    }
    return "\(meter.stage): " + parts.joined(separator: ", ")
  }

  /// 1234567 as `1 234 567`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append("\u{202F}") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }
}
