/// A statistic of neural collapse: a file of this name, its test, and a line of ``Statistics/all``.
protocol Statistic: Sendable {
  /// What it reports, in this order.
  static var entries: [StatisticEntry] { get }
  /// Its measurements; none where what it needs (a classifier, the within-class scatter, the sweep over pairs) is not given.
  func measure(_ geometry: ClassGeometry) throws -> [Measurement]
}
