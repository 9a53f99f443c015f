import Support

/// How far a model's features and classifier have collapsed: everything that was measured.
public struct Measures: Sendable, Equatable {
  /// In the order in which they are written.
  public let measurements: [Measurement]
  /// A row a class.
  public let classes: ClassTable
  /// How the pair statistics are distributed.
  public let histograms: HistogramTable
  /// What is absent or undefined, and why.
  package var remarks: [Remark] = []

  /// The measurement of that id.
  public subscript(id: String) -> Measurement? { measurements.first { $0.id == id } }

  /// One object with a member a measurement.
  public var json: JSONValue { .object(measurements.map { .init($0.id, $0.json) }) }
}
