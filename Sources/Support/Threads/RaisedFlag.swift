import Synchronization

/// A flag that is raised once. Any thread may raise or read it.
package final class RaisedFlag: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package var isRaised: Bool { flag.load(ordering: .acquiring) }
  package func raise() { flag.store(true, ordering: .releasing) }
}
