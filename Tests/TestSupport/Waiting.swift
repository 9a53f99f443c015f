/// Waits until something holds. Throws ``NotSo``, which describes it, if that takes too long.
public func wait(
  for what: String, atMost limit: Duration = .seconds(180), isolation: isolated (any Actor)? = #isolation,
  until holds: () async throws -> Bool
) async throws {
  let start = ContinuousClock.now
  while try await !holds() {
    guard .now - start < limit else { throw NotSo(description: "after \(limit) there was no \(what)") }
    try await Task.sleep(for: .milliseconds(50))
  }
}

/// The condition that never held.
public struct NotSo: Error, CustomStringConvertible {
  public let description: String
}
