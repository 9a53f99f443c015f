import Foundation
import Geometry

/// What statistics are called and what collapse does to them, for people who have not read the paper yet.
enum StatisticNotes {
  /// A statistic of one model.
  struct Note: Sendable {
    let id: String
    let title: String
    let family: Family

    /// In words; empty where there is nothing to say.
    var collapse: String { Measurement.underCollapse(id) }
  }

  enum Family: String, CaseIterable, Sendable {
    case sizes = "What was measured"
    case nc1 = "NC1: within-class variability"
    case nc2 = "NC2: equinorm and equiangular means"
    case gnc2 = "GNC2: hyperspherical uniformity"
    case nc3 = "NC3: self-duality"
    case nc4 = "NC4: nearest class mean against classifier"
    case nc5 = "NC5: out of distribution"
    case others = "Others"
  }

  static func note(_ id: String) -> Note {
    all.first { $0.id == id } ?? Note(id: id, title: id, family: .others)
  }

  static let all: [Note] = [
    Note(id: "tokens", title: "Samples N", family: .sizes),
    Note(id: "classes", title: "Token classes K", family: .sizes),
    Note(id: "dimension", title: "Dimension d", family: .sizes),
    Note(id: "within_trace", title: "tr Σ_W", family: .sizes),
    Note(id: "between_trace", title: "tr Σ_B", family: .sizes),
    Note(id: "nc1_quotient", title: "tr Σ_W / tr Σ_B", family: .nc1),
    Note(id: "nc1_pinv", title: "tr(Σ_B⁺ Σ_W) / K", family: .nc1),
    Note(id: "nc1_svd", title: "The same, Σ_B truncated", family: .nc1),
    Note(id: "nc1_cdnv", title: "Class-distance normalized variance", family: .nc1),
    Note(id: "nc1_cdnv_squared", title: "The same, distance to the fourth", family: .nc1),
    Note(id: "nc2_norm", title: "Norm of class means", family: .nc2),
    Note(id: "nc2_log_norm", title: "Logarithm of the norm", family: .nc2),
    Note(
      id: "nc2_interference", title: "Cosine between class means", family: .nc2),
    Note(
      id: "nc2_interference_abs", title: "Its absolute value", family: .nc2),
    Note(id: "nc2_max_coherence", title: "Largest cosine", family: .nc2),
    Note(id: "nc2_nearest_coherence", title: "Cosine to the nearest class, mean", family: .nc2),
    Note(id: "nc2_etf_error", title: "Distance to the simplex frame", family: .nc2),
    Note(id: "gnc2_log", title: "Logarithmic energy", family: .gnc2),
    Note(id: "gnc2_distance", title: "Distance on the sphere", family: .gnc2),
    Note(id: "gnc2_riesz1", title: "Riesz energy", family: .gnc2),
    Note(id: "nc3_cosine", title: "Cosine of class mean and classifier", family: .nc3),
    Note(id: "nc3_dot", title: "Inner product of the two", family: .nc3),
    Note(id: "nc3_distance", title: "Distance of their directions", family: .nc3),
    Note(id: "nc3_dual_error", title: "Distance to dual frames", family: .nc3),
    Note(id: "nc4", title: "Agreement on unseen samples", family: .nc4),
    Note(id: "nc5_ood_deviation", title: "Cosine with the foreign mean", family: .nc5),
    Note(id: "nc5_zero_norms", title: "Class means of length zero, left out", family: .nc5),
  ]

  /// How a pair statistic's histogram is drawn.
  struct PairNote: Sendable {
    let title: String
    let label: String
    let isLogarithmic: Bool
    /// Its value for every pair of K classes whose directions are those of a simplex.
    let collapsed: @Sendable (Int) -> Double?
  }

  static func pair(_ id: String) -> PairNote? { pairs[id] }

  /// Cosines are −1/(K−1), and squared distances of directions 2 + 2/(K−1).
  private static let pairs: [String: PairNote] = [
    "nc1_cdnv": PairNote(
      title: "NC1: class-distance normalized variance", label: "CDNV", isLogarithmic: true
    ) { _ in nil },
    "nc1_cdnv_squared": PairNote(
      title: "NC1: CDNV with the fourth power", label: "CDNV, ‖·‖⁴ below", isLogarithmic: true
    ) { _ in nil },
    "nc2_interference": PairNote(
      title: "NC2: interference", label: "cosine between class means", isLogarithmic: false
    ) { $0 > 1 ? -1 / Double($0 - 1) : nil },
    "nc2_interference_abs": PairNote(
      title: "NC2: absolute interference", label: "|cosine| between class means", isLogarithmic: false
    ) { $0 > 1 ? 1 / Double($0 - 1) : nil },
    "gnc2_log": PairNote(title: "GNC2: logarithmic energy", label: "log 1/‖û_c − û_c′‖", isLogarithmic: false) {
      simplexDistance($0).map { -log($0) }
    },
    "gnc2_distance": PairNote(title: "GNC2: distance", label: "‖û_c − û_c′‖", isLogarithmic: false) {
      simplexDistance($0)
    },
    "gnc2_riesz1": PairNote(title: "GNC2: Riesz energy", label: "1/‖û_c − û_c′‖", isLogarithmic: false) {
      simplexDistance($0).map { 1 / $0 }
    },
  ]

  private static func simplexDistance(_ classes: Int) -> Double? {
    classes > 1 ? (2 + 2 / Double(classes - 1)).squareRoot() : nil
  }
}
