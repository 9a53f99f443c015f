import Artefacts
import Geometry
import Support

/// One statistic: its numbers and its definition.
public struct Measurement: Sendable, Equatable, Identifiable {
  private let inner: Geometry.Measurement

  init(_ inner: Geometry.Measurement) { self.inner = inner }

  /// Its name in results, such as `nc1_cdnv`.
  public var id: String { inner.id }
  /// A short title, such as `Agreement on unseen samples`.
  public var title: String { inner.entry.title }
  /// Its definition, in the paper's symbols.
  public var formula: String { inner.entry.formula }
  /// Its limit under collapse, such as `→ 0`; empty for sizes.
  public var underCollapse: String { inner.entry.underCollapse }
  /// The paper that defines it; empty for sizes.
  public var source: String { inner.entry.source }

  /// The number, if the measurement is a single one: a size, a scalar, or the agreement of `nc4`. Nil for a mean over
  /// pairs or classes, or if it is undefined.
  public var value: Double? { inner.number(.value) }
  /// The mean over pairs of classes or over classes. Nil for a single number, or if it is undefined.
  public var mean: Double? { inner.number(.mean) }
  /// The standard deviation for ``mean``: over pairs that of the population, over classes that of a sample (n − 1).
  public var std: Double? { inner.number(.std) }
  /// The coefficient of variation std/mean of a mean over classes.
  public var cv: Double? { inner.number(.cv) }

  /// The standard error of ``value``: how much it would scatter over corpora of other features with the same labels. Known for
  /// traces, their quotients and the CDNV ratios if the state has a within-class scatter. It takes samples as
  /// independent, so it is a lower bound.
  public var standardError: Double? { inner.errors[.value] }
  /// The name of the measurement that this one corrects for sampling noise; nil if it corrects none.
  public var corrects: String? { inner.entry.corrects }

  /// Any of its numbers by name, such as `hits` of `nc4` or `standard_error` of sampled pairs; nil if it has none.
  public subscript(name: String) -> Double? {
    switch inner.json[name] {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The measurement in JSON, as in results: a number, an object, or `null` if it is undefined.
  public var json: String { inner.json.line }
}

/// All measurements of a state, in the order of results.
///
/// | names | numbers | need |
/// | --- | --- | --- |
/// | `tokens`, `classes`, `dimension`, `within_trace`, `between_trace`, `nc1_quotient`, `nc1_cdnv_ratio` | `value` | |
/// | `noise_share`, `within_trace_corrected`, `between_trace_corrected` | `value` | the unweighted global mean |
/// | `nc1_quotient_corrected`, `nc1_cdnv_ratio_corrected` | `value` | the unweighted global mean |
/// | `nc1_pinv`, `nc1_svd` | `value` | a within-class scatter |
/// | `between_condition` | `value` | a within-class scatter |
/// | `selected_samples`, `selected_within_trace`, `selected_quotient` | `value` | a selection of classes |
/// | `selected_within_trace_corrected`, `selected_quotient_corrected` | `value` | a selection of classes |
/// | `nc2_maximal_angle`, `nc2_max_coherence`, `nc2_nearest_coherence`, `nc2_etf_error` | `value` | |
/// | `nc1_cdnv`, `nc1_cdnv_squared`, `nc2_interference`, `nc2_interference_abs` | `mean`, `std` | |
/// | `gnc2_log`, `gnc2_distance`, `gnc2_riesz1` | `mean`, `std` | |
/// | `nc2_norm`, `nc2_log_norm` | `mean`, `std`, `cv` | |
/// | `nc2_norm_squared_corrected` | `mean`, `std`, `cv`, `noise_only` | the unweighted global mean |
/// | `nc3_cosine`, `nc3_dot`, `nc3_distance` | `mean`, `std`, `cv` | a classifier |
/// | `nc3_dual_error`, `nc3_frobenius`, `head_maximal_angle`, `head_etf_error` | `value` | a classifier |
/// | `head_norm` | `mean`, `std`, `cv` | a classifier |
/// | `head_interference` | `mean`, `std` | a classifier |
/// | `nc4` | `value`, `samples`, `hits`, `accuracy`, `ncc_accuracy` | decisions |
/// | `nc5_ood_deviation`, `nc5_zero_norms` | `value` | an out-of-distribution state |
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

  /// The measurement of that name; nil if there is none, or if its inputs were not given.
  public subscript(id: String) -> Measurement? { all.first { $0.id == id } }

  /// How far the numbers can be trusted, and what is missing, in plain sentences. The most important comes first.
  public var remarks: [String] { measures.remarks.map(\.text) }

  /// All measurements and their provenance in JSON: the same bytes as `collapse measure --output`.
  public var json: String { measures.json.adding("provenance", provenance).text }

  /// A table of the token classes in CSV, with a header: the same bytes as `collapse measure --classes`.
  public var classesCSV: String { ClassesFile.csv(measures.classes) }
}
