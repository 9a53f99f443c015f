/// How a stage's stream is split into shards, whose results are merged in order.
///
/// The split depends on the files alone. When files are added to a corpus, existing shards stay, wherever the new files
/// sort. When rows are appended to a file, the shards of earlier rows stay, once they have been read again and found
/// unchanged.
package struct ShardRule: Sendable, Equatable {
  package enum Size: Sendable, Equatable {
    /// Shards of this many files, in order.
    case files(Int)
    /// Shards of this many rows of a file, in order. The last shard of a file may have fewer rows.
    case rows(Int)
  }

  package let size: Size
  package let place: SourcePosition

  /// The option that sets it.
  package var option: String {
    switch size {
    case .files: "shard-files"
    case .rows: "shard-rows"
    }
  }
}

/// The options for splitting a stream.
package struct ShardOptions: Settings {
  package static let settings: [Setting<Self>] = [
    .init(
      \.files, "shard-files",
      "split the stream into shards of this many files; their results are kept and merged in order", .count(),
      changesResult: false, verb: .fileOnly),
    .init(
      \.rows, "shard-rows",
      "split the stream into shards of this many rows of a file, as in 1e8; for files without Zstandard compression",
      .amount(), changesResult: false, verb: .fileOnly),
  ]

  package var files: Located<Int>?
  package var rows: Located<Int>?

  package init() {}

  package func finishDecoding(_ decoder: inout OptionDecoder) {
    guard let files, rows != nil else { return }
    decoder.addProblem(
      files.place, "expected shard-files or shard-rows, found both", advice: "omit one of them")
  }

  /// Nil if no option asks for shards.
  package var rule: ShardRule? {
    files.map { ShardRule(size: .files($0.value), place: $0.place) }
      ?? rows.map { ShardRule(size: .rows($0.value), place: $0.place) }
  }
}

/// One part of a stage's input; see ``StageKind/parts(_:of:)``.
package struct ShardPart {
  /// Its name, unique among the shards of a stage.
  package let name: String
  /// Distinguishes its reader from those of other plans over the same stream.
  package let suffix: String
  /// Options of its reader that replace those of the whole stage.
  package let options: [String: StageDescription.Option]

  package init(name: String, suffix: String, options: [String: StageDescription.Option]) {
    (self.name, self.suffix, self.options) = (name, suffix, options)
  }
}

extension StageDescription.Option {
  /// Creates an option with other values at the position of an existing option.
  package init(like other: Self?, _ texts: [String]) {
    let place = other?.place ?? .option("shards")
    let value = other?.values.first?.place ?? place
    self.init(place, texts.map { Located($0, value) })
  }
}
