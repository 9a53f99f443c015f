import CollapseKernels
import Foundation
import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("The registry of statistics")
struct StatisticsTests {
  /// Everything that can be measured of six selected classes, with features scaled by a number.
  private func measure(scale: Double = 1) throws -> Measures {
    let random = MomentsTable.random(6, 3)
    let table = MomentsTable(
      tokens: random.tokens, counts: random.counts, means: Matrix(random.means.vectors.map { $0.map { scale * $0 } }),
      m2: random.m2.map { scale * scale * $0 },
      withinScatter: random.withinScatter.map { Matrix($0.vectors.map { $0.map { scale * scale * $0 } }) })
    var decisions = Decisions()
    decisions.add(labels: random.tokens, model: random.tokens, nearest: random.tokens.reversed())
    var options = GeometryOptions()
    (options.hasSpectra, options.hasRieszEnergy) = (true, true)
    return try Measures(
      of: ClassSelection(table, ClassFilter(maxCount: 1000)), classifier: .random(6, 3, seed: 2),
      wholeHead: Matrix(unitVectors(3)),
      decisions: decisions, outOfDistribution: OutOfDistributionMean(table), options: options)
  }

  @Test("Results list what statistics declare, in their order; only counts of zero norms are absent if zero")
  func order() throws {
    #expect(
      try measure().measurements.map(\.entry)
        == Statistics.entries.filter { $0 != OutOfDistributionDeviation.zeroNorms })
    #expect(Statistics.entries.first == Sizes.samples && Statistics.entries.last == SpectraOfFeatures.meanShare)
  }

  @Test("Each id belongs to one statistic; each slot of the kernel belongs to exactly one")
  func unique() {
    #expect(Set(Statistics.entries.map(\.id)).count == Statistics.entries.count)
    #expect(Statistics.overPairs.map(\.slot).sorted() == Array(0..<COLLAPSE_PAIR_STATISTICS))
  }

  @Test("An id is written in one source file: all other code asks the statistic")
  func once() throws {
    // Some are also ordinary words, used for options and datasets; those of a spectrum are put together of two words.
    let words = Set(["tokens", "classes", "dimension"] + SpectralShape.entries.map(\.id))
    var found: [String: [String]] = [:]
    let sources = Places.root.appendingPathComponent("Sources")
    for case let name as String in try #require(FileManager.default.enumerator(atPath: sources.path))
    where name.hasSuffix(".swift") {
      let lines = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8).split(separator: "\n")
      let text = lines.filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
      for entry in Statistics.entries where !words.contains(entry.id) && text.contains("\"\(entry.id)\"") {
        found[entry.id, default: []].append(name)
      }
    }
    for entry in Statistics.entries where !words.contains(entry.id) {
      #expect(found[entry.id]?.count == 1, "\(entry.id): \(found[entry.id] ?? [])")
    }
  }

  @Test("A measurement has the shape that its statistic declares, and the numbers that its columns name")
  func shapes() throws {
    // Three features are too few for the decay of a spectrum.
    for measurement in try measure().measurements where !measurement.id.hasSuffix("_alpha") {
      #expect(measurement.numbers.allSatisfy { $0.value != nil }, "\(measurement.id)")
      for part in measurement.entry.shape.parts {
        let found = measurement.entry.path(part).dropFirst().reduce(measurement.json) { $0[$1] ?? .null }
        let expected = try #require(measurement.number(part))
        #expect(found == .number(expected) || found == .integer(Int(expected)), "\(measurement.id)")
      }
    }
  }

  @Test("Scaling the features by four changes each as it declares")
  func scaling() throws {
    for (small, large) in zip(try measure().measurements, try measure(scale: 4).measurements) {
      let (part, scaling) = (small.entry.shape.parts[0], small.entry.scaling)
      guard let before = small.number(part) else {
        #expect(large.number(part) == nil && small.id.hasSuffix("_alpha"))
        continue
      }
      let expected =
        switch scaling {
        case .none: before
        case .power(let power): before * pow(4, Double(power))
        case .logarithm: before + log(4)
        case .irregular: try #require(large.number(part))
        }
      #expect(deviation(large.number(part), expected) < 1e-12, "\(small.id)")
    }
  }

  @Test("Every statistic has a title, a family, a formula and, except for sizes, a source and its value under collapse")
  func complete() {
    for entry in Statistics.entries {
      #expect(!entry.title.isEmpty && !entry.formula.isEmpty && entry.family != .others, "\(entry.id)")
      let isPlain = [.sizes, .spectra].contains(entry.family)
      #expect(entry.underCollapse.isEmpty == (isPlain || entry.shape == .count), "\(entry.id)")
      #expect(entry.source.isEmpty == entry.underCollapse.isEmpty || isPlain, "\(entry.id)")
    }
  }

  @Test("The value of a headline under collapse is the one that its statistic states in words")
  func headlines() throws {
    for entry in Statistics.entries {
      guard let headline = entry.headline else { continue }
      let part = [.std, .cv].contains(headline.part) ? "\(headline.part) " : ""
      let words = entry.underCollapse.components(separatedBy: ", ")
      #expect(words.contains("\(part)→ \(Int(headline.collapsed))"), "\(entry.id)")
      #expect(entry.shape.parts.contains(headline.part))
    }
  }

  @Test("A timeline's statistics can be measured without pairs")
  func timeline() throws {
    let cheap = try Measures.withoutPairs(of: .random(6, 3)).map(\.entry)
    #expect(Statistics.onTimeline.allSatisfy(cheap.contains))
    #expect(Statistics.onTimeline.last?.needs == .withinScatter)
  }

  @Test("Errors in closed form are those of the statistics that say so, and all of these are on the timeline")
  func errors() throws {
    let known = try MomentsTable.random(6, 3).measure().measurements.filter { !$0.errors.isEmpty }.map(\.entry)
    // Of the squared norms of class means, only the mean over classes has one.
    let scalars = known.filter { $0.shape == .scalar }
    #expect(known.map(\.id).filter { !scalars.map(\.id).contains($0) } == [CorrectedNorms.entry.id])
    #expect(scalars == Statistics.entries.filter(\.hasErrorInClosedForm) && scalars.count == 8)
    #expect(scalars.allSatisfy(Statistics.onTimeline.contains))
  }

  @Test("Each correction names the statistic that it corrects, and no two the same")
  func corrections() {
    let corrections = Statistics.entries.filter { $0.corrects != nil }
    for entry in corrections {
      let raw = Statistics.entries.filter { $0.id == entry.corrects }
      #expect(raw.count == 1 && Statistics.correction(of: raw[0]) == entry && raw[0].shape == entry.shape)
    }
    #expect(Set(corrections.map(\.corrects)).count == corrections.count)
  }

  @Test("An id of another version has only its name; ids are listed in words")
  func others() {
    let other = Statistics.entry("new")
    #expect(other.title == "new" && other.family == .others && other.underCollapse.isEmpty && other.headline == nil)
    #expect(Statistics.needing(.withinScatter) == "nc1_pinv, nc1_svd and between_condition")
    #expect(Statistics.needing(.decisions) == "nc4")
    #expect(Statistics.needing(.classifier).hasPrefix("nc3_cosine, nc3_dot, nc3_distance, nc3_dual_error, "))
  }

  @Test("A column of a part is named after its path; for decisions, the value is the agreement")
  func columns() {
    #expect(Equinormness.norm.column(.cv) == "nc2_norm_cv" && Equinormness.norm.path(.cv) == ["nc2_norm", "cv"])
    #expect(
      SimplexError.entry.column(.value) == "nc2_etf_error"
        && ClassifierAgreement.entry.column(.value) == "nc4_agreement")
  }
}
