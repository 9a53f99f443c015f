/// Interference (NC2): how far the directions of class means are from being equiangular.
///
/// ⟨û_c, û_c′⟩ over pairs of classes, within −1 … 1. Under collapse the directions are a simplex: every pair comes to
/// −1/(K − 1), and the deviation tends to 0.
///
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs and counted.
/// - Mean and deviation are those of ``InterferenceMoments``, in closed form. Near a simplex its deviation is not accurate,
///   and that of the sweep over pairs is reported.
/// - Source: Papyan, Han & Donoho 2020.
struct Interference: PairStatistic {
  let id = "nc2_interference"
  let collapse = "→ −1/(K−1), std → 0"

  func value(_ pair: Pair) -> Double { pair.cosine }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let moments = InterferenceMoments(geometry.means, threads: geometry.threads)
    let swept = geometry.pairs?.tallies[id]?.spread.populationDeviation
    let summary = PairSummary(
      mean: moments.mean, std: moments.isAccurate ? moments.std : swept, directionsOf: geometry.means)
    return [Measurement(id, .overPairs(summary), collapse: collapse)]
  }
}

/// The absolute value of ``Interference``: how far directions are from orthogonal, whichever way.
struct AbsoluteInterference: PairStatistic {
  let id = "nc2_interference_abs"
  let collapse = "→ 1/(K−1), std → 0"

  func value(_ pair: Pair) -> Double { pair.cosine.magnitude }
}
