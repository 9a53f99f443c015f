import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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

  /// Writes on standard error; what cannot be written is dropped, as no work should be lost over a log line.
  public static func writeError(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }

  /// Writes on standard output. Throws `Errno` where it cannot be written.
  public static func writeResult(_ text: String) throws {
    _ = try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
  }
}
