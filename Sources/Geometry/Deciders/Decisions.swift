/// How two deciders fared on unseen samples (NC4): the model's classifier and the nearest class mean.
///
/// An accumulator: ``add(labels:model:nearest:)`` counts samples, ``merge(_:)`` adds the counts of other samples, and
/// ``totals(of:)`` sums them.
///
/// - Memory: a few words per class, and at most ``pairLimit`` pairs of choices.
public struct Decisions: Sendable, Equatable {
  /// Samples of one or more classes, and how the deciders fared on them.
  public struct Counts: Sendable, Equatable {
    public var samples = 0
    /// Samples on which the deciders agree.
    public var hits = 0
    /// Samples for which the model chose their own class.
    public var modelCorrect = 0
    /// Samples whose nearest mean is that of their own class.
    public var nearestCorrect = 0
    /// Samples for which both chose their own class.
    public var bothCorrect = 0

    public init() {}

    /// All counts with their names in files, in file order.
    package static var columns: [(name: String, count: WritableKeyPath<Counts, Int>)] {
      [
        ("samples", \.samples), ("hits", \.hits), ("model_correct", \.modelCorrect), ("ncc_correct", \.nearestCorrect),
        ("both_correct", \.bothCorrect),
      ]
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
  public struct Pair: Hashable, Sendable, Comparable {
    public let model: Int32
    public let nearest: Int32

    public init(model: Int32, nearest: Int32) {
      (self.model, self.nearest) = (model, nearest)
    }

    public static func < (a: Pair, b: Pair) -> Bool { (a.model, a.nearest) < (b.model, b.nearest) }
  }

  /// The most pairs that are counted separately.
  public static let pairLimit = 1 << 22

  /// By the samples' own class, seen in training or not.
  public private(set) var classes: [Int32: Counts] = [:]
  /// Number of samples by what the two chose, for the first ``pairLimit`` pairs to appear.
  public private(set) var confusion: [Pair: Int] = [:]
  /// Number of samples whose pair appeared when ``confusion`` was full.
  public private(set) var otherPairs = 0

  private let limit: Int

  public init() { self.init(pairLimit: Self.pairLimit) }

  init(pairLimit: Int) { limit = pairLimit }

  /// From the counts in a file.
  package init(classes: [Int32: Counts], confusion: [Pair: Int], otherPairs: Int) {
    self.init()
    (self.classes, self.confusion, self.otherPairs) = (classes, confusion, otherPairs)
  }

  /// Counts samples, given the class of each and what the model and the nearest mean chose.
  ///
  /// - Precondition: all three have the same length.
  public mutating func add(labels: some Collection<Int32>, model: [Int32], nearest: [Int32]) {
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
  public mutating func merge(_ other: Decisions) {
    for (token, counts) in other.classes { classes[token, default: Counts()].add(counts) }
    for (pair, samples) in other.confusion.sorted(by: { $0.key < $1.key }) { count(samples, of: pair) }
    otherPairs += other.otherPairs
  }

  private mutating func count(_ samples: Int, of pair: Pair) {
    if confusion.count < limit || confusion[pair] != nil {
      confusion[pair, default: 0] += samples
    } else {
      otherPairs += samples
    }
  }

  /// The counts of all samples, or of those whose own class is in `tokens`.
  public func totals(of tokens: Set<Int32>? = nil) -> Counts {
    classes.reduce(into: Counts()) { totals, entry in
      if tokens?.contains(entry.key) ?? true { totals.add(entry.value) }
    }
  }
}
