/// Numbers about their mean, as a direction (x − x̄) / ‖x − x̄‖, with the mean and norm to get them back.
struct CentredDirection: Sendable {
  let mean: Double
  /// ‖x − x̄‖.
  let norm: Double
  let unit: [Double]

  /// nil if all numbers are equal, or their deviations are too large for a double.
  init?(_ values: [Double]) {
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    let count = Double(values.count)
    let rough = values.reduce(0, +) / count
    // The mean of the deviations is the rounding error of the rough mean.
    let mean = rough + values.reduce(0) { $0 + ($1 - rough) } / count
    let deviations = values.map { $0 - mean }
    let largest = deviations.reduce(0) { max($0, abs($1)) }
    guard largest.isFinite, largest > 0 else { return nil }
    let scaled = deviations.map { $0 / largest }
    let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    self.mean = mean
    norm = largest * length
    unit = scaled.map { $0 / length }
  }

  /// ⟨x, y⟩ of two directions, within −1 … 1.
  static func product(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * y[index] }
    return min(max(sum, -1), 1)
  }
}
