import Dispatch

/// How many more threads the system lets this process have.
package enum ThreadRoom {
  /// Starts up to `most` threads at once, ends them, and returns how many there were.
  ///
  /// Dispatch and Swift's tasks wait for ever if they cannot have a thread, so this is asked before they need one.
  package static func threads(upTo most: Int) -> Int {
    let gate = DispatchSemaphore(value: 0)
    let context = Unmanaged.passRetained(gate)
    defer { context.release() }
    var started: [pthread_t] = []
    while started.count < most, let thread = start(context) { started.append(thread) }
    for _ in started { gate.signal() }
    for thread in started { pthread_join(thread, nil) }
    return started.count
  }

  /// A thread that waits for the gate; nil if there can be no more.
  private static func start(_ gate: Unmanaged<DispatchSemaphore>) -> pthread_t? {
    #if canImport(Glibc)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { gate in
          if let gate { Unmanaged<DispatchSemaphore>.fromOpaque(gate).takeUnretainedValue().wait() }
          return nil
        }, gate.toOpaque())
      return status == 0 ? thread : nil
    #else
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { gate in
          Unmanaged<DispatchSemaphore>.fromOpaque(gate).takeUnretainedValue().wait()
          return nil
        }, gate.toOpaque())
      return status == 0 ? thread : nil
    #endif
  }
}
