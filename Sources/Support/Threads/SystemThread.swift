import CProcess

/// A thread of the system, which neither Swift's tasks nor Dispatch use.
enum SystemThread {
  /// Runs `work` on a new thread, which ends with it. False if the system can create no more threads: `work` then never runs.
  static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
    let context = Unmanaged.passRetained(Work(work))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(
      &thread, nil,
      { context in
        #if canImport(Glibc)
          if let context { Work.run(context) }
        #else
          Work.run(context)
        #endif
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
    return true
  }

  private final class Work: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Runs the work that `context` retains, and releases it.
    static func run(_ context: UnsafeMutableRawPointer) {
      collapse_use_signal_stack()
      Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
    }
  }
}
