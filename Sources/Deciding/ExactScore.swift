/// The score of a candidate for a row, in float64 and from the original numbers. It decides if single precision cannot.
protocol ExactScore: Sendable {
  /// Larger is better; ties go to the first candidate.
  func score(_ candidate: Int, for row: UnsafePointer<Double>) -> Double
}
