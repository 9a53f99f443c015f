import Foundation
import Geometry

extension ClassFigures {
  /// NC4 by octaves of training frequency: the share of unseen samples on which classifier and nearest class mean
  /// agree, with Wilson's 95 % interval.
  var agreement: Figure? {
    guard let samples = rows.numbers(.decided), let hits = rows.numbers(.agreed),
      let counts = rows.numbers(.count)
    else { return nil }
    let points = FrequencyBands(counts).bands.compactMap { band in
      let total = band.classes.compactMap { samples[$0] }.reduce(0, +)
      let agreed = band.classes.compactMap { hits[$0] }.reduce(0, +)
      return WilsonInterval(hits: agreed, of: total).map { (band: band, share: $0, samples: total, hits: agreed) }
    }
    guard points.count > 1, let last = points.last else { return nil }
    let data = FigureData([
      ("smallest_count", points.map { Double($0.band.lower) }), ("largest_count", points.map { Double($0.band.upper) }),
      ("middle", points.map(\.band.middle)), (ClassColumnEntry.decided.name, points.map(\.samples)),
      (ClassColumnEntry.agreed.name, points.map(\.hits)),
      ("agreement", points.map(\.share.share)), ("low", points.map(\.share.low)), ("high", points.map(\.share.high)),
    ])
    let (total, agreed) = (points.map(\.samples).reduce(0, +), points.map(\.hits).reduce(0, +))
    return Figure(
      name: "\(ClassifierAgreement.entry.id)_by_frequency", title: "NC4: agreement by frequency",
      finding:
        "Classifier and nearest class mean agree on \(NumberText.percent(agreed / total)) of \(NumberText.count(total)) "
        + "unseen samples of these classes, and on \(NumberText.percent(last.share.share)) for \(Self.samples(last.band)). "
        + "Under collapse it would be 100\u{202F}%. Lines are 95\u{202F}% intervals.",
      x: .init(label: "samples n_c in training", isLogarithmic: true),
      y: .init(label: "share that agrees", range: 0...1),
      data: data,
      layers: [
        .init(shape: .intervals(x: "middle", low: "low", high: "high"), colour: .series(1)),
        .init(shape: .line(x: "middle", y: "agreement"), colour: .series(1)),
        .init(shape: .points(x: "middle", y: "agreement"), colour: .series(1)),
      ])
  }
}

/// Wilson's score interval of a share, at 95 %.
///
/// Centre (p + z²/2n) / (1 + z²/n), half-width z √(p(1−p)/n + z²/4n²) / (1 + z²/n), z = 1.96. Source: Wilson 1927.
struct WilsonInterval: Equatable {
  let share: Double
  let low: Double
  let high: Double

  /// Nil without samples.
  init?(hits: Double, of samples: Double) {
    guard samples > 0 else { return nil }
    let z = 1.959_963_984_540_054
    share = hits / samples
    let scale = 1 + z * z / samples
    let centre = (share + z * z / (2 * samples)) / scale
    let half = z * (share * (1 - share) / samples + z * z / (4 * samples * samples)).squareRoot() / scale
    // At the ends the difference is zero up to rounding.
    (low, high) = (hits == 0 ? 0 : centre - half, hits == samples ? 1 : centre + half)
  }
}
