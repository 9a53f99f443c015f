/// How much was measured: N, K and d.
///
/// N counts **all** accumulated samples, K the selected classes. Σ_W, tr Σ_W and N describe the stream; only class
/// means are selected. If all classes are selected, N = Σ_c n_c over the K classes.
package struct Sizes: Statistic {
  package static let samples = StatisticEntry(
    id: "tokens", title: "Samples N", family: .sizes, shape: .count, formula: "N = Σ n_c")
  package static let classes = StatisticEntry(
    id: "classes", title: "Token classes K", family: .sizes, shape: .count, formula: "K")
  package static let dimension = StatisticEntry(
    id: "dimension", title: "Dimension d", family: .sizes, shape: .count, formula: "d")
  static let entries = [samples, classes, dimension]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    [
      Measurement(Self.samples, .count(geometry.samples)),
      Measurement(Self.classes, .count(geometry.means.classes)),
      Measurement(Self.dimension, .count(geometry.means.dimension)),
    ]
  }
}
