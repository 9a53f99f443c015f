/// Waits until something holds. Throws ``TimedOut``, which describes it, if that takes too long.
package func wait(
  for what: String, atMost limit: Duration = .seconds(180), isolation: isolated (any Actor)? = #isolation,
  until holds: () async throws -> Bool
) async throws {
  let start = ContinuousClock.now
  while try await !holds() {
    guard .now - start < limit else { throw TimedOut(description: "after \(limit) there was no \(what)") }
    try await Task.sleep(for: .milliseconds(50))
  }
}

/// The condition that never held.
package struct TimedOut: Error, CustomStringConvertible {
  package let description: String
}
