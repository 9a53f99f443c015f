import Storage
import Support

extension Decisions {
  /// Writes all counts, to go on counting from.
  public func save(to file: CheckpointWriter) throws {
    let tokens = classes.keys.sorted()
    let counts = tokens.map { classes[$0] ?? Counts() }
    try file.section("decided_token", tokens)
    try file.section(
      "decided_counts",
      counts.flatMap { [$0.samples, $0.hits, $0.modelCorrect, $0.nearestCorrect, $0.bothCorrect] })
    let pairs = confusion.keys.sorted()
    try file.section("confusion_pair", pairs.flatMap { [$0.model, $0.nearest] })
    try file.section("confusion_count", pairs.map { confusion[$0] ?? 0 } + [otherPairs])
  }

  /// Takes back what ``save(to:)`` wrote. Throws ``MomentsError`` where that makes no sense, and `StreamError` where the file fails.
  public init(from file: CheckpointReader) throws {
    let tokens = try file.numbers("decided_token", as: Int32.self)
    let counts = try file.numbers("decided_counts", as: Int.self)
    let pairs = try file.numbers("confusion_pair", as: Int32.self)
    let samples = try file.numbers("confusion_count", as: Int.self)
    guard counts.count == 5 * tokens.count, samples.count == pairs.count / 2 + 1, pairs.count % 2 == 0,
      let other = samples.last
    else {
      throw MomentsError(
        .badState,
        Diagnosis(
          file: file.name, expected: "as many counts as classes and pairs", found: "another number",
          advice: "start over with --restart"))
    }
    var classes: [Int32: Counts] = [:]
    for (index, token) in tokens.enumerated() {
      var own = Counts()
      own.samples = counts[5 * index]
      own.hits = counts[5 * index + 1]
      own.modelCorrect = counts[5 * index + 2]
      own.nearestCorrect = counts[5 * index + 3]
      own.bothCorrect = counts[5 * index + 4]
      classes[token] = own
    }
    var confusion: [Pair: Int] = [:]
    for index in 0..<pairs.count / 2 {
      confusion[Pair(model: pairs[2 * index], nearest: pairs[2 * index + 1])] = samples[index]
    }
    self.init(classes: classes, confusion: confusion, otherPairs: other)
  }
}
