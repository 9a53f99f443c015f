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
/// - The values are those that `measure` gives for a state of the same samples, and so are the standard errors in closed
///   form, if the scatter is kept. Undefined values are empty; all are empty while no class has two samples.
/// - The file is rewritten with each row, so it is always complete. If a run fails, it holds the rows so far. The last
///   row is written together with the state, and has the digest of its samples.
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
    columns = Statistics.onTimeline.filter { within != .none || $0.needs != .withinScatter }.flatMap {
      $0.timelineColumns(errors: within != .none)
    }
    text = (Self.sizes + columns + [Self.digest]).joined(separator: ",") + "\n"
    next = every
  }

  private static let sizes = ["samples", "classes", "repeated_classes"]

  /// Files of timelines.
  static let own = OwnFile.csv { columns in
    let known = Statistics.onTimeline.flatMap { $0.timelineColumns(errors: true) } + [digest]
    return columns.prefix(sizes.count).map(String.init) == sizes
      && columns.dropFirst(sizes.count).allSatisfy { known.contains(String($0)) }
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
  /// Checks for cancellation between statistics. Throws `StreamError` if means on scratch cannot be read.
  ///
  /// - Parameter most: the most classes that memory can measure; with more, the row has no statistics.
  mutating func record(_ moments: ClassMoments, most: Int, log: (String) -> Void) throws {
    guard moments.samples != samples else { return }
    let values = try values(of: moments, most: most, log)
    let sizes = [moments.samples, moments.classes, moments.repeatedClasses].map(\.description)
    text += (sizes + columns.map { values[$0]?.description ?? "" } + [""]).joined(separator: ",") + "\n"
    samples = moments.samples
    next = (moments.samples / every + 1) * every
  }

  /// The column with the digest of all samples, in the last row.
  private static let digest = "samples_digest"

  /// Completes the last row with the digest of the samples.
  mutating func finish(_ samples: String) { text = "\(text.dropLast())\(samples)\n" }

  /// From how many samples on each statistic has kept to its last value, in a sentence; nil with fewer than two rows, or
  /// without standard errors.
  var settled: String? {
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    func column(_ name: String) -> [Double?]? {
      lines.first?.firstIndex { $0 == name }.map { place in
        lines.dropFirst().map { place < $0.count ? Double($0[place]) : nil }
      }
    }
    let settled = Settling.all(samples: column(Self.sizes[0]) ?? [], column: column)
    guard !settled.isEmpty else { return nil }
    let reached = settled.compactMap { one in one.samples.map { "\(one.entry.id) from \($0) samples" } }
    let moving = settled.filter { $0.samples == nil }.map(\.entry.id)
    return "within one standard error of the last value: "
      + (reached.isEmpty ? "no statistic before the last row" : reached.joined(separator: ", "))
      + (moving.isEmpty || reached.isEmpty ? "" : "; not reached: \(moving.joined(separator: ", "))")
  }

  /// Begins the file with the rows so far, complete but for its name.
  func begin() throws -> AtomicFile.Pending { try AtomicFile.begin(file, text: text) }

  private static let section = "timeline"

  func save(to file: CheckpointWriter) throws {
    try file.section(Self.section, Array(JSONEncoder().encode(Rows(text: text, next: next, samples: samples))))
  }

  mutating func restore(from file: CheckpointReader) throws {
    let rows = try file.value(Self.section, as: Rows.self)
    func header(_ text: String) -> Substring { text.prefix { $0 != "\n" } }
    guard header(rows.text) == header(text) else {
      throw file.refusal(expected: "a timeline with the columns of this release", found: "other columns")
    }
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
        of: moments.table(withDiagonal: false), options: GeometryOptions(threads: threads)
      ) { try Task.checkCancellation() }
      let errors = measurements.flatMap { measurement in
        measurement.errors.map { (name: measurement.entry.errorColumn($0), value: Optional($1)) }
      }
      let defined = (measurements.flatMap(\.numbers) + errors).compactMap { name, value in value.map { (name, $0) } }
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
