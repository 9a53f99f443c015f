import Support

extension Decisions: Snapshot {
  package func save(to writer: any SnapshotWriter) throws {
    let tokens = classes.keys.sorted()
    try writer.section("decided_token", tokens)
    try writer.section(
      "decided_counts",
      tokens.flatMap { token in Counts.columns.map { classes[token, default: Counts()][keyPath: $0.count] } })
    let pairs = confusion.keys.sorted()
    try writer.section("confusion_pair", pairs.flatMap { [$0.model, $0.nearest] })
    try writer.section("confusion_count", pairs.map { confusion[$0] ?? 0 } + [otherPairs])
  }

  package mutating func restore(from reader: any SnapshotReader) throws {
    let tokens = try reader.numbers("decided_token", as: Int32.self)
    let counts = try reader.numbers("decided_counts", as: Int.self)
    let pairs = try reader.numbers("confusion_pair", as: Int32.self)
    let samples = try reader.numbers("confusion_count", as: Int.self)
    let columns = Counts.columns
    guard tokens.count == Set(tokens).count, counts.count == columns.count * tokens.count,
      samples.count == pairs.count / 2 + 1, pairs.count % 2 == 0,
      let other = samples.last
    else { throw reader.refusal(expected: "a count for each class and pair", found: "a different number") }
    var classes: [Int32: Counts] = [:]
    for (index, token) in tokens.enumerated() {
      var own = Counts()
      for (place, column) in columns.enumerated() { own[keyPath: column.count] = counts[columns.count * index + place] }
      classes[token] = own
    }
    var confusion: [Pair: Int] = [:]
    for index in 0..<pairs.count / 2 {
      confusion[Pair(model: pairs[2 * index], nearest: pairs[2 * index + 1])] = samples[index]
    }
    let restored = Decisions(classes: classes, confusion: confusion, otherPairs: other)
    if let fault = restored.fault { throw reader.refusal(expected: "counts of decided samples", found: fault) }
    self = restored
  }
}
