import Support
import Synchronization
import SystemPackage

/// Standard output and standard error, which may be closed, full, or a pipe that nobody reads any more.
public enum StandardStreams {
  /// Puts something in the place of closed streams, so that no file the program opens becomes one of them, and lets a
  /// write to a pipe without a reader fail instead of ending the process.
  public static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    // Likewise a file that grows beyond a limit on file sizes.
    signal(SIGXFSZ, SIG_IGN)
    // In place of standard output a stream that cannot be written: results that nobody gets are an error.
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Lines at the end of a terminal that are drawn anew as they change.
  private static let shown = Mutex<[String]>([])

  /// Writes on standard error, above the lines that are shown there; what cannot be written is dropped, as no work should be
  /// lost over a log line.
  public static func writeError(_ text: String) {
    shown.withLock { lines in
      write(lines.isEmpty ? text : TerminalLines.clearing(lines) + text + TerminalLines.drawing(lines))
    }
  }

  /// Shows lines at the end of the terminal that standard error is, in place of those before.
  static func show(_ next: [String]) {
    var size = winsize()
    let width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    let next = next.map { String($0.prefix(width - 1)) }
    shown.withLock { lines in
      write(TerminalLines.clearing(lines) + TerminalLines.drawing(next))
      lines = next
    }
  }

  private static func write(_ text: String) {
    guard !text.isEmpty else { return }
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }

  /// Writes on standard output. Throws `Errno` where it cannot be written.
  public static func writeResult(_ text: String) throws {
    _ = try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
  }
}

/// What a terminal is told to draw lines and to take them away.
enum TerminalLines {
  /// Whether a terminal that calls itself so (`TERM`) moves its cursor; one without a name is not known to.
  static func isUnderstood(by terminal: String?) -> Bool { !["", "dumb"].contains(terminal ?? "") }

  /// The cursor ends behind the last line.
  static func drawing(_ lines: [String]) -> String { lines.joined(separator: "\n") }

  /// From behind the last line up to the first, and everything from there on erased.
  static func clearing(_ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    return "\r" + String(repeating: "\u{1B}[A", count: lines.count - 1) + "\u{1B}[J"
  }
}
