import SystemPackage

/// What to do when the system has run out of something. Another file or other permissions would not help.
package enum Shortage {
  /// Advice for an error that means a shortage; nil for any other.
  package static func advice(for error: Errno) -> String? {
    switch error {
    case .tooManyOpenFiles: "raise the limit on open files, as in ulimit -n 1024, or name fewer files at once"
    case .tooManyOpenFilesInSystem: "the machine has too many open files: close other programs, or run elsewhere"
    case .noMemory, .resourceTemporarilyUnavailable:
      "close other programs, or raise the limits on memory and processes (ulimit -v, ulimit -u)"
    default: nil
    }
  }
}
