import Moments

/// How the variation of one class is spread over the features, from v = Σ(h − μ_c)² of each feature.
package struct FeatureSpread: Sendable, Equatable {
  /// (Σv)²/Σv²: 1 if one feature varies, d if all vary alike.
  package let participationRatio: Double
  /// The features that vary most, largest first; ties go to the smaller index. At most ``most`` of them.
  package let features: [Int]
  /// The share v/Σv of each of them.
  package let shares: [Double]

  /// The most features that are named.
  package static let most = 3

  /// Nil if no feature varies, as in a class of one sample.
  init?(_ moments: UnsafeBufferPointer<Double>) {
    let largest = moments.reduce(0, max)
    guard largest > 0 else { return nil }
    // Relative to the largest, so that no square overflows.
    var (sum, squares) = (0.0, 0.0)
    var features: [Int] = []
    for (feature, moment) in moments.enumerated() {
      let relative = moment / largest
      sum += relative
      squares += relative * relative
      guard moment > 0, features.count < Self.most || moment > moments[features[Self.most - 1]] else { continue }
      features.insert(feature, at: features.firstIndex { moments[$0] < moment } ?? features.count)
      if features.count > Self.most { features.removeLast() }
    }
    participationRatio = sum * sum / squares
    self.features = features
    shares = features.map { moments[$0] / largest / sum }
  }
}

/// The spread of each class of a state, by row. It is made run by run, because the moments of all features may take as
/// much memory as the means.
package struct FeatureSpreads: Sendable {
  private(set) var classes: [FeatureSpread?] = []
  private var isKnown = true

  /// Bytes of one class, at most.
  package static let bytesPerClass = 256

  package init() {}

  /// The spreads of a whole table.
  package init(_ table: MomentsTable) { add(table) }

  /// Adds the next classes.
  package mutating func add(_ rows: MomentsTable) {
    guard let diagonal = rows.diagonal else {
      isKnown = false
      return
    }
    diagonal.withUnsafeElements { elements in
      for row in 0..<rows.classes {
        classes.append(
          FeatureSpread(UnsafeBufferPointer(rebasing: elements[row * rows.dimension..<(row + 1) * rows.dimension])))
      }
    }
  }

  /// The columns of these rows in a table of classes; none if the state has no moments of features.
  func columns(_ rows: [Int]) -> [ClassColumn] {
    guard isKnown, rows.allSatisfy({ $0 < classes.count }) else { return [] }
    let chosen = rows.map { classes[$0] }
    func nth<Value>(_ place: Int, _ values: (FeatureSpread) -> [Value]) -> [Value?] {
      chosen.map { spread in spread.map(values).flatMap { $0.indices.contains(place) ? $0[place] : nil } }
    }
    return [ClassColumn(.participationRatio, .numbers(chosen.map { $0?.participationRatio }))]
      + ClassColumnEntry.features.enumerated().flatMap { place, entries in
        [
          ClassColumn(entries.feature, .integers(nth(place, \.features))),
          ClassColumn(entries.share, .numbers(nth(place, \.shares))),
        ]
      }
  }
}
