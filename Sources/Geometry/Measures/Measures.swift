import Support

/// Everything measured about how far a model's features and classifier have collapsed.
package struct Measures: Sendable, Equatable {
  /// In the order of results.
  package let measurements: [Measurement]
  /// One row per class.
  package let classes: ClassTable
  /// The distributions of the pair statistics.
  package let histograms: HistogramTable
  /// What is absent or undefined, and why.
  package var remarks: [Remark] = []

  /// The measurement with that id.
  package subscript(id: String) -> Measurement? { measurements.first { $0.id == id } }

  /// An object with one member per measurement.
  package var json: JSONValue { .object(measurements.map { .init($0.id, $0.json) }) }
}
