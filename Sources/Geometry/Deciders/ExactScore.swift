/// How a candidate does for a row, in float64 and from the numbers as given: what decides where single precision cannot.
protocol ExactScore: Sendable {
  /// Larger is better; of equals the first candidate is chosen.
  func score(_ candidate: Int, for row: UnsafePointer<Double>) -> Double
}
