import Synchronization

/// A flag that is raised once; any thread may raise it and look at it.
package final class RaisedFlag: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package var isRaised: Bool { flag.load(ordering: .acquiring) }
  package func raise() { flag.store(true, ordering: .releasing) }
}
