import Foundation

extension Remark {
  /// The share of noise in tr Σ_B above which a remark says so.
  private static let muchNoise = 0.1

  /// More than a tenth of tr Σ_B is sampling noise.
  static func noise(_ subject: Subject) -> Remark? {
    guard let share = subject.number(SamplingNoiseShare.entry), share > muchNoise else { return nil }
    return Remark(
      .noise,
      "\(percent(share)) of tr Σ_B is sampling noise of the class means; the corrected statistics are without it")
  }

  /// Some classes have one sample.
  static func singleSamples(_ subject: Subject) -> Remark? {
    let classes = subject.classes
    let single = subject.geometry.means.counts.count { $0 == 1 }
    guard single > 0 else { return nil }
    guard single < classes || subject.geometry.hasRepeatedClass else {
      return Remark(
        .singleSamples,
        "every class has one sample; check that labels are token classes, not row numbers, and accumulate more samples")
    }
    guard single < classes else { return nil }
    let (k, others) = (Double(classes), Double(classes - single))
    let pairs = classes > 1 ? "; they enter \(percent(1 - others * (others - 1) / (k * (k - 1)))) of all pairs" : ""
    return Remark(
      .singleSamples,
      "\(single) of \(classes) classes \(single == 1 ? "has" : "have") one sample, so a variance of 0, "
        + "which looks like collapse\(pairs)")
  }

  /// Some statistics use the Σ_W of more samples than those of the measured classes.
  static func otherSamples(_ subject: Subject) -> Remark? {
    let (selected, all) = (subject.geometry.means.samples, subject.geometry.samples)
    let ofAll = subject.measurements.map(\.entry).filter(\.usesAllSamples)
    let spectra = ofAll.contains { $0.family == .spectra } ? ["the spectra but those of Σ_B and the head"] : []
    let affected = ofAll.filter { $0.family != .spectra }.map(\.id) + spectra
    guard subject.geometry.selectedTokens != nil, !affected.isEmpty else { return nil }
    return Remark(
      .otherSamples,
      "\(affected.inWords) use\(affected.count == 1 ? "s" : "") Σ_W of all \(all) samples; the measured classes have "
        + "\(selected) of them (\(percent(Double(selected) / Double(all)))), which \(SelectedTraces.quotient.id) is made from"
    )
  }

  /// A share in percent, in two digits.
  private static func percent(_ share: Double) -> String {
    let text = String(format: share >= 0.0995 ? "%.0f" : "%.2g", 100 * share)
    return text == "100" && share < 1 ? "over 99 %" : "\(text) %"
  }
}
