/// A statistic of neural collapse: it has a file of this name, a test, and a line in ``Statistics/all``.
protocol Statistic: Sendable {
  /// What it reports, in this order.
  static var entries: [StatisticEntry] { get }
  /// Its measurements; empty if an input it needs (a classifier, the within-class scatter, the sweep over pairs) is not
  /// given.
  func measure(_ geometry: ClassGeometry) throws -> [Measurement]
}
