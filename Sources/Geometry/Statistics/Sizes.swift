/// How much was measured: N, K and d.
///
/// N counts **all** accumulated samples, K the selected classes: Σ_W, tr Σ_W and N describe the stream, and a selection is
/// one of class means only. Where all classes are selected, N = Σ_c n_c over the K classes.
struct Sizes: Statistic {
  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    [
      Measurement("tokens", .count(geometry.samples)),
      Measurement("classes", .count(geometry.means.classes)),
      Measurement("dimension", .count(geometry.means.dimension)),
    ]
  }
}
