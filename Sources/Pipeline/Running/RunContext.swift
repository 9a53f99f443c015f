import Logging

/// What every stage of a run is given.
struct RunContext: Sendable {
  let log: Logger
  /// Where states go that no output keeps.
  let scratch: String
}
