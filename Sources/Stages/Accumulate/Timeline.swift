import Foundation
import Geometry
import Logging
import Moments
import Storage

/// The statistics that need no pair sweep, recorded while a stream runs, to show when they settle. The CSV file gets a
/// row each time another multiple of N samples has passed, and one at the end.
///
/// - A row covers whole blocks: it is made at the end of the block that passes a multiple. Block boundaries depend on
///   the stream alone, so the file has the same bytes for any number of threads. There is at most one row per block.
/// - The values are those that `measure` gives for a state of the same samples. Undefined values are empty; all are
///   empty while no class has two samples.
/// - The file is rewritten with each row, so it is always complete. If a run fails, it holds the rows so far.
/// - Complexity: O(K·d²) per row on all threads, while the stream waits. 40 000 classes of 768 features take about 2 s
///   on two cores, or 5 s if the scatter is kept.
struct Timeline {
  let file: String
  private let every: Int
  private let threads: Int
  private let columns: [String]
  private var text: String
  /// The number of samples at which the next row is due.
  private(set) var next: Int
  /// Samples of the last row.
  private var samples: Int?
  /// Reasons for rows without statistics that were already logged.
  private var said: Set<String> = []

  init(file: String, every: Int, within: WithinScatter, threads: Int) {
    (self.file, self.every, self.threads) = (file, every, threads)
    columns = Statistics.onTimeline.filter { within != .none || $0.needs != .withinScatter }.flatMap { entry in
      entry.shape.parts.map(entry.column)
    }
    text = (["samples", "classes", "repeated_classes"] + columns).joined(separator: ",") + "\n"
    next = every
  }

  /// The name of a timeline beside a state: `moments.timeline.csv` for `moments.h5`.
  static func file(beside state: String) -> String { (state as NSString).deletingPathExtension + ".timeline.csv" }

  /// `file` itself if it is a CSV file, else the timeline beside that state.
  static func file(of file: String) -> String { file.hasSuffix(".csv") ? file : Self.file(beside: file) }

  /// Bytes that a row takes on top of the moments: per class, and fixed.
  static func memory(dimension: Int, keepsLowParts: Bool, within: WithinScatter) -> (perClass: Int, fixed: Int) {
    let copied = dimension * MemoryLayout<Double>.size * (keepsLowParts ? 2 : 1)
    let measuring = Measures.bytesWithoutPairs(dimension: dimension, within: within)
    return (copied + measuring.perClass, measuring.fixed)
  }

  /// Adds a row for the current moments, unless there is one already.
  ///
  /// Checks for cancellation between statistics. Throws `StreamError` if the file cannot be written or means on scratch
  /// cannot be read.
  ///
  /// - Parameter most: the most classes that memory can measure; with more, the row has no statistics.
  mutating func record(_ moments: ClassMoments, most: Int, log: (String) -> Void) throws {
    guard moments.samples != samples else { return }
    let values = try values(of: moments, most: most, log)
    let sizes = [moments.samples, moments.classes, moments.repeatedClasses].map(\.description)
    text += (sizes + columns.map { values[$0]?.description ?? "" }).joined(separator: ",") + "\n"
    try AtomicFile.write(file, text: text)
    samples = moments.samples
    next = (moments.samples / every + 1) * every
  }

  private static let section = "timeline"

  func save(to file: CheckpointWriter) throws {
    try file.section(Self.section, Array(JSONEncoder().encode(Rows(text: text, next: next, samples: samples))))
  }

  mutating func restore(from file: CheckpointReader) throws {
    let bytes = try file.numbers(Self.section, as: UInt8.self)
    let rows = try JSONDecoder().decode(Rows.self, from: Data(bytes))
    (text, next, samples) = (rows.text, rows.next, rows.samples)
  }

  /// The part that a checkpoint keeps.
  private struct Rows: Codable {
    let text: String
    let next: Int
    let samples: Int?
  }

  private mutating func values(
    of moments: ClassMoments, most: Int, _ log: (String) -> Void
  ) throws -> [String: Double] {
    guard moments.repeatedClasses > 0 else { return [:] }
    guard moments.classes <= most else {
      say("memory has room to measure \(most) classes; with more, rows have no statistics", log)
      return [:]
    }
    do {
      let measurements = try Measures.withoutPairs(
        of: moments.table, options: GeometryOptions(threads: threads)
      ) { try Task.checkCancellation() }
      let defined = measurements.flatMap(\.numbers).compactMap { name, value in value.map { (name, $0) } }
      return Dictionary(defined) { first, _ in first }
    } catch let error as GeometryError {
      say("a row has no statistics: \(error.diagnosis.summary)", log)
      return [:]
    }
  }

  private mutating func say(_ reason: String, _ log: (String) -> Void) {
    if said.insert(reason).inserted { log("\(file): \(reason)") }
  }
}
