import Support

/// Everything measured about how far a model's features and classifier have collapsed.
package struct Measures: Sendable, Equatable {
  /// In the order of results.
  package private(set) var measurements: [Measurement]
  /// One row per class.
  package let classes: ClassTable
  /// The distributions of the pair statistics.
  package let histograms: HistogramTable
  /// The spectra, if they were asked for.
  package var spectra: [Spectrum] = []
  /// How far the numbers can be trusted, and what is missing; the most important first.
  package var remarks: [Remark] = []
  /// The same for the classes with at least so many samples; nil if that was not asked for.
  package var byMinCount: MinCountMeasures?

  /// The same with other measurements, such as those with errors.
  package func replacing(_ measurements: [Measurement]) -> Measures {
    var measures = self
    measures.measurements = measurements
    return measures
  }

  /// The measurement with that id.
  package subscript(id: String) -> Measurement? { measurements.first { $0.id == id } }

  /// An object with one member per measurement, what is known about their ``Certainty``, the remarks, and last
  /// ``MinCountMeasures``.
  package var json: JSONValue {
    let json = measurements.json.adding(Remark.member, remarks.json)
    return byMinCount.map { json.adding(MinCountMeasures.member, $0.json) } ?? json
  }
}
