/// How two deciders fared on unseen samples (NC4): the model's classifier and the nearest class mean.
///
/// An accumulator: ``add(labels:model:nearest:)`` counts samples, ``merge(_:)`` joins the counts of other samples, and
/// ``totals(of:)`` adds them up.
///
/// - Memory: a few words a class, and ``pairLimit`` pairs of choices at most.
public struct Decisions: Sendable, Equatable {
  /// Samples of a class, or of several, and what became of them.
  public struct Counts: Sendable, Equatable {
    public var samples = 0
    /// The deciders agree.
    public var hits = 0
    /// The model chose the sample's own class.
    public var modelCorrect = 0
    /// The nearest mean is that of the sample's own class.
    public var nearestCorrect = 0
    /// Both did.
    public var bothCorrect = 0

    public init() {}

    /// All of them, as files name them, in their order there.
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

  /// What the two chose for a sample: token ids.
  public struct Pair: Hashable, Sendable, Comparable {
    public let model: Int32
    public let nearest: Int32

    public init(model: Int32, nearest: Int32) {
      (self.model, self.nearest) = (model, nearest)
    }

    public static func < (a: Pair, b: Pair) -> Bool { (a.model, a.nearest) < (b.model, b.nearest) }
  }

  /// Pairs that are kept apart at most.
  public static let pairLimit = 1 << 22

  /// By the class that the samples are of, whether or not it was seen in training.
  public private(set) var classes: [Int32: Counts] = [:]
  /// Samples by what the two chose: the first ``pairLimit`` pairs to appear.
  public private(set) var confusion: [Pair: Int] = [:]
  /// Samples of pairs that appeared when there was no room left in ``confusion``.
  public private(set) var otherPairs = 0

  private let limit: Int

  public init() { self.init(pairLimit: Self.pairLimit) }

  init(pairLimit: Int) { limit = pairLimit }

  /// Made of counts, as a file has them.
  package init(classes: [Int32: Counts], confusion: [Pair: Int], otherPairs: Int) {
    self.init()
    (self.classes, self.confusion, self.otherPairs) = (classes, confusion, otherPairs)
  }

  /// Counts samples: the class of each, and what the model and the nearest mean chose.
  ///
  /// - Precondition: the three have one length.
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

  /// Adds the counts of other samples. Pairs that are new here come in ascending order.
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

  /// The counts of all samples, or of those whose own class is among `tokens`.
  public func totals(of tokens: Set<Int32>? = nil) -> Counts {
    classes.reduce(into: Counts()) { totals, entry in
      if tokens?.contains(entry.key) ?? true { totals.add(entry.value) }
    }
  }
}
