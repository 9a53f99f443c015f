import Foundation
import Moments
import Samples
import Storage
import Support

/// The moments of a stream: of all its samples, or of each of several parts (``StreamSplit``).
///
/// Parts are folded one after another, block by block, and share their working memory.
final class StreamMoments {
  /// The parts; one if the stream is not divided.
  let parts: [ClassMoments]
  private(set) var split: StreamSplit?
  private let pool = BlockPool()

  /// - Parameters:
  ///   - parts: P; nil for the whole stream.
  ///   - limit: how many means of each part may be in memory; nil for all.
  init(
    dimension: Int, within: WithinScatter, moments: SecondMoments = .trace, workers: WorkerThreads,
    limit: ResidentLimit?, parts count: Int?
  ) {
    let first = ClassMoments(dimension: dimension, within: within, moments: moments, workers: workers, limit: limit)
    let others = (1..<max(count ?? 1, 1)).map { _ in
      ClassMoments(
        dimension: dimension, within: within, moments: moments, workers: workers, limit: limit, sharing: first)
    }
    parts = [first] + others
    split = count.map { StreamSplit($0) }
  }

  /// The moments of all samples; nil if they are divided.
  var whole: ClassMoments? { split == nil ? parts[0] : nil }
  var dimension: Int { parts[0].dimension }
  /// Samples of all parts.
  var samples: Int { parts.reduce(0) { $0 + $1.samples } }
  /// Token ids of all parts, ascending.
  var tokens: [Int32] {
    whole?.tokens ?? parts.reduce(into: Set<Int32>()) { $0.formUnion($1.tokens) }.sorted()
  }

  /// Folds the rows of a block into the parts they belong to.
  ///
  /// Throws errors of the spill, `OutOfMemory`, and ``NonfiniteRow`` for the first row with a feature that is not finite.
  func fold(_ block: Block) throws {
    guard let ranges = split?.ranges(of: block) else { return try parts[0].fold(block) }
    do {
      for (part, ranges) in zip(parts, ranges) where !ranges.isEmpty {
        try part.fold(ranges == [0..<block.rows] ? block : block.rows(ranges, pool: pool))
      }
    } catch let error as NonfiniteRow {
      throw block.firstNonfiniteRow().map { NonfiniteRow(row: $0) } ?? error
    }
  }

  private static let section = "split"

  func save(to file: CheckpointWriter) throws {
    guard let split else { return try parts[0].save(to: file) }
    try file.section(Self.section, Array(JSONEncoder().encode(split)))
    for (number, part) in parts.enumerated() { try part.save(to: PartWriter(file: file, prefix: Self.prefix(number))) }
  }

  /// Restores what ``save(to:)`` wrote into moments that have folded nothing.
  func restore(from file: CheckpointReader) throws {
    guard split != nil else { return try parts[0].restore(from: file) }
    let saved = try file.value(Self.section, as: StreamSplit.self)
    for (number, part) in parts.enumerated() {
      try part.restore(from: PartReader(file: file, prefix: Self.prefix(number)))
    }
    guard saved.parts == parts.count, saved.isPossible(after: samples) else {
      throw file.refusal(expected: "\(parts.count) parts of \(samples) samples", found: "others")
    }
    split = saved
  }

  private static func prefix(_ number: Int) -> String { "part \(number + 1) " }
}

/// Writes the sections of one part, whose names begin with a prefix.
private struct PartWriter: SnapshotWriter {
  let file: CheckpointWriter
  let prefix: String

  func section(
    _ name: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try file.section(prefix + name, byteCount: byteCount, body)
  }
}

/// Reads the sections of one part.
private struct PartReader: SnapshotReader {
  let file: CheckpointReader
  let prefix: String

  func byteCount(_ section: String) -> Int? { file.byteCount(prefix + section) }

  func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    try file.read(prefix + section, at: offset, into: buffer)
  }

  func refusal(expected: String, found: String) -> any Error { file.refusal(expected: expected, found: found) }
}
