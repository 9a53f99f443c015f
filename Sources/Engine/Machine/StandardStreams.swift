import Support
import Synchronization
import SystemPackage

/// Standard output and standard error, which may be closed, full, or a pipe with no reader.
package enum StandardStreams {
  /// Fills in closed streams, so that no file the program opens becomes one of them. Makes a write to a pipe without a
  /// reader fail, where it would otherwise end the process.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    // The same for a file that exceeds a file size limit.
    signal(SIGXFSZ, SIG_IGN)
    // A closed standard output becomes a stream that cannot be written, so that lost results are an error.
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Lines at the bottom of the terminal, redrawn as they change.
  private static let shown = Mutex<[String]>([])

  /// Writes to standard error, above the lines shown there. What cannot be written is dropped, because no work should
  /// be lost over a log line.
  package static func writeError(_ text: String) {
    shown.withLock { lines in
      write(lines.isEmpty ? text : TerminalLines.clearing(lines) + text + TerminalLines.drawing(lines))
    }
  }

  /// Shows lines at the bottom of the terminal, replacing the previous ones.
  static func show(_ next: [String]) {
    var size = winsize()
    let width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    let next = next.map { String(VisibleText.line($0).prefix(max(width - 1, 0))) }
    shown.withLock { lines in
      write(TerminalLines.clearing(lines) + TerminalLines.drawing(next))
      lines = next
    }
  }

  private static func write(_ text: String) {
    guard !text.isEmpty else { return }
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }

  /// Writes to standard output. Throws `Errno` if that fails.
  package static func writeResult(_ text: String) throws {
    _ = try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
  }
}

/// Control sequences to draw and clear lines on a terminal.
enum TerminalLines {
  /// Whether a terminal with this `TERM` can move its cursor; false if `TERM` is not set.
  static func isUnderstood(by terminal: String?) -> Bool { !["", "dumb"].contains(terminal ?? "") }

  /// Draws the lines; the cursor stays at the end of the last one.
  static func drawing(_ lines: [String]) -> String { lines.joined(separator: "\n") }

  /// Moves from the end of the last line to the start of the first and erases from there.
  static func clearing(_ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    return "\r" + String(repeating: "\u{1B}[A", count: lines.count - 1) + "\u{1B}[J"
  }
}
