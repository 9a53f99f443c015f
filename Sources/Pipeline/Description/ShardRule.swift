import Embeddings

/// How a stage's stream is split into shards, whose results are merged in their order.
///
/// The plan follows from the files alone. A corpus that grows by files keeps the shards it had, wherever the new ones stand; one
/// that grows by rows at the end of a file keeps those of rows before, once they were read to see that they are the same.
struct ShardRule: Sendable, Equatable {
  enum Size: Sendable, Equatable {
    /// Each so many files, in their order.
    case files(Int)
    /// Each so many rows of a file, in their order; the last rows of a file are a shard with fewer.
    case rows(Int)
  }

  let size: Size
  let place: Place

  /// The option that says it.
  var option: String {
    switch size {
    case .files: "shard-files"
    case .rows: "shard-rows"
    }
  }
}

/// The options that say so.
struct ShardOptions: Settings {
  static let settings: [Setting<Self>] = [
    .init(
      \.files, "shard-files",
      "split the stream, each so many files a shard, whose results are kept and merged in order", .count(),
      changesResult: false, verb: .fileOnly),
    .init(
      \.rows, "shard-rows",
      "split the stream, each so many rows of a file a shard, as in 1e8; for files that are not in Zstandard frames",
      .amount(), changesResult: false, verb: .fileOnly),
  ]

  var files: Located<Int>?
  var rows: Located<Int>?

  func settle(_ decoder: inout OptionDecoder) {
    guard let files, rows != nil else { return }
    decoder.complain(
      files.place, "expected shard-files or shard-rows, found both", advice: "leave one of them out")
  }

  /// Nil where no option asks for shards.
  var rule: ShardRule? {
    files.map { ShardRule(size: .files($0.value), place: $0.place) }
      ?? rows.map { ShardRule(size: .rows($0.value), place: $0.place) }
  }
}

/// A kind of stage whose stream may be split into shards.
protocol ShardedStage: StageKind, StreamTakingStage {
  var shards: ShardRule? { get }
}
