import Foundation

/// The metadata of one measurement, declared once, in the file of its statistic. Tables, pages, timelines and studies
/// read it.
package struct StatisticEntry: Sendable, Equatable {
  /// Its name in results: `nc1_cdnv`.
  package let id: String
  /// A few words for people who have not read the paper.
  package let title: String
  package let family: Family
  package let shape: Shape
  /// Its definition, in the symbols of the paper.
  package let formula: String
  /// What collapse does to it, in words; empty if there is nothing to say.
  package var underCollapse = ""
  /// The least that collapse can reach if there are too many classes for a simplex; nil if no such bound is known.
  package var floor: Floor?
  /// The optional input that it needs.
  package var needs: Requirement?
  /// Whether it is measured only if an option asks for it.
  package var isOnRequest = false
  /// How it changes when features are scaled.
  package var scaling = Scaling.none
  /// Whether it is the largest of many numbers. Leaving samples out says nothing about its error.
  var isExtreme = false
  /// The paper that defines it; empty for sizes.
  package var source = ""
  /// Whether it uses Σ_W, which covers all samples of the state whatever classes are selected.
  var usesAllSamples = false
  /// The id of the measurement that this one corrects for sampling noise, if it does.
  package var corrects: String?
  /// How it appears among the headline numbers, if it is one.
  package var headline: Headline?
  /// How it appears in timelines, if it does. It must not need the sweep over pairs.
  package var timeline: Timeline?
  /// Whether its standard error has a closed form where Σ_W is known.
  package var hasErrorInClosedForm = false
  /// Whether it is also measured for growing min-count; see ``MinCountMeasures``.
  package var overMinCount = false
  /// The properties in the paper's Table 1 that are computed from it.
  package var properties: [Property] = []

  package static func == (a: StatisticEntry, b: StatisticEntry) -> Bool { a.id == b.id }

  package enum Family: String, CaseIterable, Sendable {
    case sizes = "What was measured"
    case nc1 = "NC1: within-class variability"
    case nc2 = "NC2: equinorm and equiangular means"
    case gnc2 = "GNC2: hyperspherical uniformity"
    case nc3 = "NC3: self-duality"
    case head = "NC2 of the output head"
    case nc4 = "NC4: nearest class mean against classifier"
    case nc5 = "NC5: out of distribution"
    case spectra = "Spectra: how many directions there are"
    case comparison = "Two states"
    case others = "Others"

    /// `NC1`.
    package var name: String { String(rawValue.prefix { $0 != ":" }) }
  }

  /// The form of a measurement.
  package enum Shape: Sendable {
    case count, scalar
    /// Mean and deviation over pairs of classes, or over classes.
    case pairs, classes
    /// Counts of what two deciders chose.
    case samples

    /// The numbers it consists of.
    package var parts: [Part] {
      switch self {
      case .count, .scalar, .samples: [.value]
      case .pairs: [.mean, .std]
      case .classes: [.mean, .std, .cv]
      }
    }
  }

  /// One number of a measurement.
  package enum Part: String, Sendable { case value, mean, std, cv }

  package enum Scaling: Sendable, Equatable {
    /// Doubling the features does not change it.
    case none
    /// Doubling the features multiplies it by 2^p.
    case power(Int)
    /// Doubling the features adds log 2.
    case logarithm
    /// It changes in no simple way, because the definition has a constant in units of the features.
    case irregular
  }

  /// A lower bound on one of its numbers for more than d + 1 classes.
  package struct Floor: Sendable {
    package let part: Part
    /// The bound for K classes in d dimensions, K > d + 1.
    let least: @Sendable (_ classes: Double, _ dimension: Double) -> Double
  }

  /// How a headline number is presented.
  package struct Headline: Sendable {
    package let part: Part
    /// Its name on pages, after its family: `norm, cv`.
    package let words: String
    /// Its column heading in a table of groups.
    package let column: String
    /// Its value under collapse.
    package var collapsed = 0.0
  }

  package enum Timeline: Sendable {
    /// Its numbers are columns of the timeline.
    case listed
    /// One of them is also a line in the timeline's figure.
    case drawn(Part)
  }

  /// A property of models that the paper studies.
  package struct Property: Sendable {
    package let name: String
    /// The mean, the value, or std / mean.
    let part: Part
    /// Its formula over the columns of the table that the paper was made from, of May 2024.
    package let authors: String
    /// Its formula over the columns of the authors' table of October 2024.
    package let later: String
    /// How the later one differs from the other two, if it does.
    package var remark = ""
  }
}

extension StatisticEntry {
  /// The least that collapse can reach with K classes in d dimensions; nil if that is what ``underCollapse`` says, as for
  /// K ≤ d + 1.
  package func floor(classes: Int, dimension: Int) -> Double? {
    guard let floor, dimension > 0, classes - 1 > dimension else { return nil }
    return floor.least(Double(classes), Double(dimension))
  }

  /// ``underCollapse`` for K classes in d dimensions: `std → 0.0359` where 0 is out of reach.
  package func underCollapse(classes: Int?, dimension: Int?) -> String {
    guard let floor, let classes, let dimension, let least = self.floor(classes: classes, dimension: dimension) else {
      return underCollapse
    }
    let name = floor.part == .value ? "" : "\(floor.part) "
    return underCollapse.replacing("\(name)→ 0", with: "\(name)→ " + String(format: "%.3g", least))
  }

  /// The path of a part in results: `nc2_norm`, `cv`.
  package func path(_ part: Part) -> [String] {
    if case .value = part {
      shape == .samples ? [id, ClassifierAgreement.Number.agreement.rawValue] : [id]
    } else {
      [id, part.rawValue]
    }
  }

  /// The same path as a column name: `nc2_norm_cv`.
  package func column(_ part: Part) -> String { path(part).joined(separator: "_") }

  /// A property as a formula over the columns of our measurements.
  package func formula(_ property: Property) -> String {
    property.part == .cv ? "\(column(.std)) / \(column(.mean))" : column(property.part)
  }
}
