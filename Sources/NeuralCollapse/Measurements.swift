import Artefacts
import Geometry
import Support

/// One statistic, and what there is to know about it.
public struct Measurement: Sendable, Equatable, Identifiable {
  private let inner: Geometry.Measurement

  init(_ inner: Geometry.Measurement) { self.inner = inner }

  /// Its name in results: `nc1_cdnv`.
  public var id: String { inner.id }
  /// A few words for people: `Agreement on unseen samples`.
  public var title: String { inner.entry.title }
  /// Its definition, in the symbols of the paper.
  public var formula: String { inner.entry.formula }
  /// What collapse does to it: `→ 0`; empty for sizes.
  public var underCollapse: String { inner.entry.underCollapse }
  /// The paper that defines it; empty for sizes.
  public var source: String { inner.entry.source }

  /// The number of a measurement that is a single one: a size, a scalar, or the agreement of `nc4`. Nil if it is undefined,
  /// or is a mean over pairs or classes.
  public var value: Double? { inner.number(.value) }
  /// The mean over pairs of classes, or over classes; nil if there is none or it is undefined.
  public var mean: Double? { inner.number(.mean) }
  /// The standard deviation that belongs to ``mean``: of the population over pairs, of the sample (n − 1) over classes.
  public var std: Double? { inner.number(.std) }
  /// The coefficient of variation std/mean, of a mean over classes.
  public var cv: Double? { inner.number(.cv) }

  /// Any of its numbers by the name it has in results, as `hits` of `nc4`, or `standard_error` of sampled pairs.
  public subscript(name: String) -> Double? {
    switch inner.json[name] {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// As results have it: a number, an object, or `null` if it is undefined.
  public var json: String { inner.json.line }
}

/// Everything that was measured of a state, in the order in which results list it.
///
/// ```swift
/// measurements["nc1_cdnv"]?.mean     // by name
/// for measurement in measurements { print(measurement.title, measurement.json) }
/// ```
public struct Measurements: Sendable, Equatable, RandomAccessCollection {
  private let measures: Measures
  private let all: [Measurement]
  private let provenance: JSONValue

  init(_ measures: Measures, _ provenance: JSONValue) {
    (self.measures, self.provenance, all) = (measures, provenance, measures.measurements.map { Measurement($0) })
  }

  public var startIndex: Int { all.startIndex }
  public var endIndex: Int { all.endIndex }
  public subscript(index: Int) -> Measurement { all[index] }

  /// The measurement of that name; nil if what it needs was not given.
  public subscript(id: String) -> Measurement? { all.first { $0.id == id } }

  /// All of it and what made it: the bytes that `collapse measure --output` writes of the same state and inputs.
  public var json: String { measures.json.adding("provenance", provenance).text }

  /// The table of token classes, a line each with a header: what `collapse measure --classes` writes.
  public var classesCSV: String { ClassesFile.csv(measures.classes) }
}
