import Support

/// Everything that was measured.
public struct Measures: Sendable, Equatable {
  /// In the order in which they are written.
  public let measurements: [Measurement]
  /// A row a class.
  public let classes: ClassTable
  /// How the pair statistics are distributed.
  public let histograms: HistogramTable
  /// What is absent or undefined, and why.
  public let remarks: [Remark]

  init(
    _ measurements: [Measurement], classes: ClassTable, histograms: HistogramTable, remarks: [Remark] = []
  ) {
    self.measurements = measurements
    self.classes = classes
    self.histograms = histograms
    self.remarks = remarks
  }

  /// The measurement of that id.
  public subscript(id: String) -> Measurement? { measurements.first { $0.id == id } }

  /// One object with a member a measurement.
  public var json: JSONValue { .object(measurements.map { .init($0.id, $0.json) }) }
}
