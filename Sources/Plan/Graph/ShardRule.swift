/// How a stage's stream is split into shards, whose results are merged in their order.
///
/// The plan follows from the files alone. A corpus that grows by files keeps the shards it had, wherever the new ones stand; one
/// that grows by rows at the end of a file keeps those of rows before, once they were read to see that they are the same.
package struct ShardRule: Sendable, Equatable {
  package enum Size: Sendable, Equatable {
    /// Each so many files, in their order.
    case files(Int)
    /// Each so many rows of a file, in their order; the last rows of a file are a shard with fewer.
    case rows(Int)
  }

  package let size: Size
  package let place: Place

  /// The option that says it.
  package var option: String {
    switch size {
    case .files: "shard-files"
    case .rows: "shard-rows"
    }
  }
}

/// The options that say so.
package struct ShardOptions: Settings {
  package static let settings: [Setting<Self>] = [
    .init(
      \.files, "shard-files",
      "split the stream, each so many files a shard, whose results are kept and merged in order", .count(),
      changesResult: false, verb: .fileOnly),
    .init(
      \.rows, "shard-rows",
      "split the stream, each so many rows of a file a shard, as in 1e8; for files that are not in Zstandard frames",
      .amount(), changesResult: false, verb: .fileOnly),
  ]

  package var files: Located<Int>?
  package var rows: Located<Int>?

  package init() {}

  package func settle(_ decoder: inout OptionDecoder) {
    guard let files, rows != nil else { return }
    decoder.complain(
      files.place, "expected shard-files or shard-rows, found both", advice: "leave one of them out")
  }

  /// Nil where no option asks for shards.
  package var rule: ShardRule? {
    files.map { ShardRule(size: .files($0.value), place: $0.place) }
      ?? rows.map { ShardRule(size: .rows($0.value), place: $0.place) }
  }
}

/// A part of what a stage reads: see ``StageKind/parts(_:of:)``.
package struct ShardPart {
  /// Its name among the shards of a stage.
  package let name: String
  /// Tells its reader from those of other plans over the same stream.
  package let suffix: String
  /// What its reader has in place of the whole one's options.
  package let options: [String: StageDescription.Option]

  package init(name: String, suffix: String, options: [String: StageDescription.Option]) {
    (self.name, self.suffix, self.options) = (name, suffix, options)
  }
}

extension StageDescription.Option {
  /// Other values, where those of another option stand.
  package init(like other: Self?, _ texts: [String]) {
    let place = other?.place ?? .option("shards")
    let value = other?.values.first?.place ?? place
    self.init(place, texts.map { Located($0, value) })
  }
}
