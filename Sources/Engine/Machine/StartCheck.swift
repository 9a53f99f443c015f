import Storage
import Support

/// Checks that the system gives this process what every run needs, before anything starts that would crash or wait for
/// ever without it.
package enum StartCheck {
  /// Descriptors that a run of any verb may have open, its inputs aside: standard streams, the event queue, outputs,
  /// locks, pipes to gnuplot.
  private static let leastDescriptors = 40
  /// Threads other than those that share out work: executors, signals, Swift's own.
  private static let ownThreads = 8
  /// With more than this many to share out work, fewer may help.
  private static let mostProbed = 16

  /// Raises the soft limit on open files to the hard one. Throws ``RunError`` if that is still too small.
  package static func descriptors() throws {
    var limit = rlimit()
    let resource = Int32(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return }
    // Some programs close every possible descriptor when they start another.
    if case let wanted = min(limit.rlim_max, 1 << 16), limit.rlim_cur < wanted {
      limit.rlim_cur = wanted
      _ = setrlimit(resource, &limit)
      getrlimit(resource, &limit)
    }
    guard limit.rlim_cur < 1024 else { return }
    let free = (0..<Int32(limit.rlim_cur)).count { fcntl($0, F_GETFD) < 0 }
    guard free < leastDescriptors else { return }
    throw RunError(
      expected: "at least \(leastDescriptors) free file descriptors",
      found: "\(free), with a limit of \(limit.rlim_cur) (ulimit -n)", advice: "raise it, as in ulimit -n 1024")
  }

  /// Throws ``RunError`` if the threads of a run cannot be started.
  package static func threads(_ threads: Int = ResourceLimits.threads) throws {
    let needed = min(threads, mostProbed) + ownThreads
    let found = ThreadRoom.threads(upTo: needed)
    guard found < needed else { return }
    throw RunError(
      expected: "to start \(needed) threads", found: "room for \(found)",
      advice: "raise the limit on processes and threads, as in ulimit -u 4096, or close other programs")
  }
}
