import Geometry
import Support

/// A number of results with its error bar, as tables and figures show it.
struct Reading: Sendable, Equatable {
  /// Nil if it is missing, undefined or not finite.
  let value: Double?
  /// The length of its error bar; nil without one.
  var bar: Double?
  /// Whether its error is known, but the bias exceeds two of it, so that there is no bar.
  var isBiased = false

  init(_ value: Double?, bar: Double? = nil, isBiased: Bool = false) {
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
    self.bar = self.value == nil ? nil : bar.flatMap { $0.isFinite ? $0 : nil }
    self.isBiased = self.value != nil && isBiased
  }

  /// - Parameter measures: the object with the statistics, of all classes or of a group.
  init(_ measures: JSONValue?, _ entry: StatisticEntry, _ part: StatisticEntry.Part) {
    let (path, certainty) = (entry.path(part), RecordedCertainty(measures))
    let bar = certainty.bar(path)
    self.init(
      path.reduce(measures) { value, key in value?[key] }?.double, bar: bar,
      isBiased: bar == nil && certainty.number(.errors, path) != nil)
  }

  /// The ends of the bar.
  var low: Double? { end { $0 - $1 } }
  var high: Double? { end { $0 + $1 } }

  private func end(_ combine: (Double, Double) -> Double) -> Double? {
    guard let value, let bar else { return nil }
    let end = combine(value, bar)
    return end.isFinite ? end : nil
  }

  /// `0.5421 ± 0.013`; a dash for undefined values.
  var text: String { NumberText.short(value) + (bar.map { " ± \(NumberText.error($0))" } ?? "") }
}
