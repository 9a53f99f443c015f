/// What there is to know about one measurement. It is declared once, in the file of the statistic that makes it: tables, pages,
/// timelines and studies read it.
package struct StatisticEntry: Sendable, Equatable {
  /// Its name in results: `nc1_cdnv`.
  package let id: String
  /// A few words for people who have not read the paper yet.
  package let title: String
  package let family: Family
  package let shape: Shape
  /// Its definition, in the symbols of the paper.
  package let formula: String
  /// What collapse does to it, in words; empty where there is nothing to say.
  package var underCollapse = ""
  /// What it needs that the user may not have given.
  package var needs: Requirement?
  /// What larger features do to it.
  var scaling = Scaling.none
  /// The paper that defines it; empty for sizes.
  package var source = ""
  /// Where it is one of the numbers that tell most.
  package var headline: Headline?
  /// Where a timeline follows it. It can then be measured without looking at pairs.
  package var timeline: Timeline?
  /// The properties of Table 1 of the paper that are made of it.
  package var properties: [Property] = []

  package static func == (a: StatisticEntry, b: StatisticEntry) -> Bool { a.id == b.id }

  package enum Family: String, CaseIterable, Sendable {
    case sizes = "What was measured"
    case nc1 = "NC1: within-class variability"
    case nc2 = "NC2: equinorm and equiangular means"
    case gnc2 = "GNC2: hyperspherical uniformity"
    case nc3 = "NC3: self-duality"
    case nc4 = "NC4: nearest class mean against classifier"
    case nc5 = "NC5: out of distribution"
    case others = "Others"

    /// `NC1`.
    package var name: String { String(rawValue.prefix { $0 != ":" }) }
  }

  /// What a measurement is made of.
  package enum Shape: Sendable {
    case count, scalar
    /// Mean and deviation over pairs of classes, or over classes.
    case pairs, classes
    /// What two deciders chose.
    case samples

    /// What there is of it.
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

  package enum Scaling: Sendable {
    /// Features twice as large have the same value.
    case none
    /// They have 2^p times the value.
    case power(Int)
    /// Their value is larger by log 2.
    case logarithm
  }

  /// How a number stands among those that tell most.
  package struct Headline: Sendable {
    package let part: Part
    /// On pages, after its family: `norm, cv`.
    package let words: String
    /// Above its column in a table of groups.
    package let column: String
    /// What it is under collapse.
    package var collapsed = 0.0
  }

  package enum Timeline: Sendable {
    /// Its numbers are columns of the timeline.
    case listed
    /// One of them is a line of the timeline's figure, too.
    case drawn(Part)
  }

  /// A property of models that the paper studies, and the authors' name of the column it is made of.
  package struct Property: Sendable {
    package let name: String
    /// The mean, the value, or std / mean.
    let part: Part
    let authors: String
  }
}

extension StatisticEntry {
  /// The members of results that lead to a part: `nc2_norm`, `cv`.
  package func path(_ part: Part) -> [String] {
    if case .value = part {
      shape == .samples ? [id, ClassifierAgreement.Number.agreement.rawValue] : [id]
    } else {
      [id, part.rawValue]
    }
  }

  /// The same as the name of a column: `nc2_norm_cv`.
  package func column(_ part: Part) -> String { path(part).joined(separator: "_") }

  /// A property as a formula of the authors' columns, and as one of ours.
  package func formulas(_ property: Property) -> [String] {
    let (authors, own) = (property.authors, { column($0) })
    return switch property.part {
    case .value: [authors, own(.value)]
    case .cv: ["\(authors)_std / \(authors)_mean", "\(own(.std)) / \(own(.mean))"]
    case .mean, .std: ["\(authors)_\(property.part)", own(property.part)]
    }
  }
}
