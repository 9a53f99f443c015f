/// How two deciders fared on unseen samples (NC4): the model's classifier and the nearest class mean.
///
/// An accumulator: ``add(labels:model:nearest:)`` counts samples, ``merge(_:)`` adds the counts of other samples, and
/// ``totals(of:)`` sums them.
///
/// - Memory: a few words per class, and at most ``pairLimit`` pairs of choices.
package struct Decisions: Sendable, Equatable {
  /// Samples of one or more classes, and how the deciders fared on them.
  package struct Counts: Sendable, Equatable {
    package var samples = 0
    /// Samples on which the deciders agree.
    package var hits = 0
    /// Samples for which the model chose their own class.
    package var modelCorrect = 0
    /// Samples whose nearest mean is that of their own class.
    package var nearestCorrect = 0
    /// Samples for which both chose their own class.
    package var bothCorrect = 0

    package init() {}

    /// All counts with their names in files, in file order.
    package static var columns: [(name: String, count: WritableKeyPath<Counts, Int>)] {
      [
        ("samples", \.samples), ("hits", \.hits), ("model_correct", \.modelCorrect), ("ncc_correct", \.nearestCorrect),
        ("both_correct", \.bothCorrect),
      ]
    }

    mutating func subtract(_ other: Counts) {
      for column in Counts.columns { self[keyPath: column.count] -= other[keyPath: column.count] }
    }

    mutating func add(_ other: Counts) {
      samples += other.samples
      hits += other.hits
      modelCorrect += other.modelCorrect
      nearestCorrect += other.nearestCorrect
      bothCorrect += other.bothCorrect
    }
  }

  /// What the two chose for a sample, as token ids.
  package struct Pair: Hashable, Sendable, Comparable {
    package let model: Int32
    package let nearest: Int32

    package init(model: Int32, nearest: Int32) {
      (self.model, self.nearest) = (model, nearest)
    }

    package static func < (a: Pair, b: Pair) -> Bool { (a.model, a.nearest) < (b.model, b.nearest) }
  }

  /// The most pairs that are counted separately.
  package static let pairLimit = 1 << 22

  /// By the samples' own class, seen in training or not.
  package private(set) var classes: [Int32: Counts] = [:]
  /// Number of samples by what the two chose, for the first ``pairLimit`` pairs to appear.
  package private(set) var confusion: [Pair: Int] = [:]
  /// Number of samples whose pair appeared when ``confusion`` was full.
  package private(set) var otherPairs = 0

  private let limit: Int

  package init() { self.init(pairLimit: Self.pairLimit) }

  init(pairLimit: Int) { limit = pairLimit }

  /// From the counts in a file.
  package init(classes: [Int32: Counts], confusion: [Pair: Int], otherPairs: Int) {
    self.init()
    (self.classes, self.confusion, self.otherPairs) = (classes, confusion, otherPairs)
  }

  /// What contradicts itself in counts from a file, in words; nil if nothing does.
  package var fault: String? {
    var samples = 0
    for (token, counts) in classes {
      let parts = Counts.columns.map { counts[keyPath: $0.count] }
      guard token >= 0 else { return "the token \(token)" }
      guard counts.samples > 0, parts.allSatisfy({ (0...counts.samples).contains($0) }),
        counts.bothCorrect <= min(counts.hits, counts.modelCorrect, counts.nearestCorrect)
      else { return "impossible counts for token \(token)" }
      let (sum, overflow) = samples.addingReportingOverflow(counts.samples)
      guard !overflow else { return "more samples than can be counted" }
      samples = sum
    }
    guard otherPairs >= 0, confusion.keys.allSatisfy({ $0.model >= 0 && $0.nearest >= 0 }) else {
      return "a negative token or count of pairs"
    }
    var left = samples
    for count in confusion.values + [otherPairs] where left >= 0 {
      left = count >= 0 ? left.subtractingReportingOverflow(count).partialValue : -1
    }
    return left == 0 ? nil : "pairs that do not add up to \(samples) samples"
  }

  /// Counts samples, given the class of each and what the model and the nearest mean chose.
  ///
  /// - Precondition: all three have the same length.
  package mutating func add(labels: some Collection<Int32>, model: [Int32], nearest: [Int32]) {
    precondition(labels.count == model.count && labels.count == nearest.count)
    for (label, (model, nearest)) in zip(labels, zip(model, nearest)) {
      var counts = Counts()
      counts.samples = 1
      counts.hits = model == nearest ? 1 : 0
      counts.modelCorrect = model == label ? 1 : 0
      counts.nearestCorrect = nearest == label ? 1 : 0
      counts.bothCorrect = model == label && nearest == label ? 1 : 0
      classes[label, default: Counts()].add(counts)
      count(1, of: Pair(model: model, nearest: nearest))
    }
  }

  /// Adds the counts of other samples. Pairs that are new here are added in ascending order.
  package mutating func merge(_ other: Decisions) {
    for (token, counts) in other.classes { classes[token, default: Counts()].add(counts) }
    for (pair, samples) in other.confusion.sorted(by: { $0.key < $1.key }) { count(samples, of: pair) }
    otherPairs += other.otherPairs
  }

  /// The counts of all samples but those of a part, which are among them. Pairs of choices are left out.
  func without(_ part: Decisions) -> Decisions {
    var others = Decisions(classes: classes, confusion: [:], otherPairs: 0)
    for (token, counts) in part.classes {
      others.classes[token]?.subtract(counts)
      if others.classes[token]?.samples == 0 { others.classes[token] = nil }
    }
    return others
  }

  private mutating func count(_ samples: Int, of pair: Pair) {
    if confusion.count < limit || confusion[pair] != nil {
      confusion[pair, default: 0] += samples
    } else {
      otherPairs += samples
    }
  }

  /// The counts of all samples, or of those whose own class is in `tokens`.
  package func totals(of tokens: Set<Int32>? = nil) -> Counts {
    classes.reduce(into: Counts()) { totals, entry in
      if tokens?.contains(entry.key) ?? true { totals.add(entry.value) }
    }
  }
}
