/// How many directions a spectrum has, and how evenly they share it: six numbers of each ``Spectrum``.
///
/// With λ_1 ≥ λ_2 ≥ … the eigenvalues and p = λ/Σλ:
/// - participation ratio (Σλ)²/Σλ², stable rank Σλ/λ_1 and effective rank exp(−Σ p ln p), each within 1 … d: the number of
///   equal eigenvalues that would give the same;
/// - top share λ_1/Σλ;
/// - alpha, the power by which the spectrum decays from the 11th eigenvalue on;
/// - isoscore, within 0 … 1: 0 if one direction has all of it, 1 if all have the same.
///
/// - If all eigenvalues are zero, none is defined. Alpha needs 30 eigenvalues above rounding, isoscore two features.
/// - They are measured only on request.
/// - Source: effective rank: Roy & Vetterli 2007; alpha: Agrawal et al. 2022; isoscore: Rudman et al. 2022.
struct SpectralShape: Statistic {
  /// One of the numbers.
  private struct Number: Sendable {
    /// Its id, after that of the spectrum.
    let id: String
    let title: String
    let formula: String
    var source = ""
    let value: @Sendable (Spectrum) -> Double?

    func entry(_ kind: Spectrum.Kind) -> StatisticEntry {
      StatisticEntry(
        id: "\(kind.rawValue)_\(id)", title: "\(title) of \(kind.symbol)", family: .spectra, shape: .scalar,
        formula: formula, needs: kind.needs, isOnRequest: true, source: source, usesAllSamples: kind.usesAllSamples)
    }
  }

  private static let numbers = [
    Number(
      id: "participation_ratio", title: "Participation ratio", formula: "(Σλ)²/Σλ²", value: { $0.participationRatio }),
    Number(id: "stable_rank", title: "Stable rank", formula: "Σλ/λ_1", value: { $0.stableRank }),
    Number(id: "top_share", title: "Largest eigenvalue’s share", formula: "λ_1/Σλ", value: { $0.topShare }),
    Number(
      id: "effective_rank", title: "Effective rank", formula: "exp(−Σ p ln p), p = λ/Σλ",
      source: "Roy & Vetterli 2007", value: { $0.effectiveRank }),
    Number(
      id: "alpha", title: "Decay", formula: "−slope of ln λ_i on ln i, i = 11 … min(100, rank), weights 1/i",
      source: "Agrawal et al. 2022", value: { $0.alpha }),
    Number(
      id: "isoscore", title: "Isotropy", formula: "((Σλ)²/Σλ² − 1)/(d − 1)", source: "Rudman et al. 2022",
      value: { $0.isoscore }),
  ]

  static let entries = Spectrum.Kind.allCases.flatMap { kind in numbers.map { $0.entry(kind) } }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    (geometry.spectra?.all ?? []).flatMap { spectrum in
      Self.numbers.map { number in
        .scalar(number.entry(spectrum.kind), number.value(spectrum), reason: Self.reason(spectrum))
      }
    }
  }

  private static func reason(_ spectrum: Spectrum) -> String {
    spectrum.sum > 0
      ? "the spectrum has too few eigenvalues (alpha needs 30 above rounding, isoscore two)"
      : "all eigenvalues are zero"
  }
}
