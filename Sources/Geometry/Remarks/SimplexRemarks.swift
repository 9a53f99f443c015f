import Foundation

extension Remark {
  /// K and d differ by no more than this factor.
  private static let near = 1.5

  /// There are about as many classes as features, so that tr(Σ_B⁺ Σ_W) divides by small eigenvalues.
  static func nearSingular(_ subject: Subject) -> Remark? {
    let (k, d) = (Double(subject.classes), Double(subject.dimension))
    guard k <= near * d, d <= near * k, subject.number(SpectralVariability.whole) != nil else { return nil }
    let condition = subject.number(SpectralVariability.condition)
    return Remark(
      .nearSingular,
      "K = \(subject.classes) is within a factor of 1.5 of d = \(subject.dimension): nc1_pinv and nc1_svd divide by the "
        + "smallest eigenvalues of Σ_B" + (condition.map { ", whose condition number is \(short($0))" } ?? ""))
  }

  /// More than d + 1 classes cannot form a simplex.
  static func aboveSimplex(_ subject: Subject) -> Remark? {
    let (k, d) = (subject.classes, subject.dimension)
    let floors = subject.measurements.compactMap { measurement -> String? in
      guard let floor = measurement.entry.floor, measurement.number(floor.part) != nil,
        let least = measurement.entry.floor(classes: k, dimension: d)
      else { return nil }
      return "\(measurement.id)\(floor.part == .value ? "" : " \(floor.part)") \(short(least))"
    }
    guard !floors.isEmpty else { return nil }
    return Remark(
      .aboveSimplex,
      "K = \(k) is above d + 1 = \(d + 1), so no simplex exists; collapse reaches at best: "
        + floors.joined(separator: ", "))
  }

  /// Several models or layers are compared by statistics that depend on the scale of features.
  ///
  /// - Parameter ids: names of all statistics that are compared.
  package static func scale(_ ids: some Sequence<String>) -> Remark? {
    let ids = Set(ids)
    let scaled = Statistics.entries.filter { entry in
      entry.scaling != .none && entry.corrects == nil && entry.needs != .selection && ids.contains(entry.id)
    }
    guard !scaled.isEmpty else { return nil }
    return Remark(
      .scale,
      "\(scaled.map(\.id).inWords) change\(scaled.count == 1 ? "s" : "") with the scale of features, "
        + "which models and layers need not share")
  }

  private static func short(_ number: Double) -> String { String(format: "%.3g", number) }
}
