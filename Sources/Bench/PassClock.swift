import Synchronization

/// Times the second of two passes over a stream, from a run's reports of finished rows.
final class PassClock: Sendable {
  private typealias Mark = (rows: Int, time: ContinuousClock.Instant)

  /// Rows of one pass.
  private let rows: Int
  /// The first report after the first pass, and the last report.
  private let marks = Mutex<(first: Mark?, last: Mark?)>((nil, nil))

  init(rows: Int) { self.rows = rows }

  func note(_ done: Int) {
    let mark: Mark = (done, .now)
    marks.withLock { marks in
      if done >= rows, marks.first == nil { marks.first = mark }
      marks.last = mark
    }
  }

  /// Seconds of the second pass; nil if the stream is so short that both passes end at once.
  var secondPass: Double? {
    marks.withLock { marks in
      guard let first = marks.first, let last = marks.last, last.rows > first.rows else { return nil }
      return (last.time - first.time) / .seconds(1) * Double(rows) / Double(last.rows - first.rows)
    }
  }
}
