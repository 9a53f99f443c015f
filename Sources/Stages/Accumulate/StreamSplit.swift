import Foundation
import Samples

/// Divides the samples of a stream among P parts. The i-th sequence goes to part i mod P, whole. Where sequences are
/// unknown, so does the i-th run of ``runRows`` samples, counted from the start of the stream.
///
/// Sequences are counted as their first samples arrive. So it depends on the samples alone, not on blocks, threads or
/// containers.
struct StreamSplit: Codable, Equatable {
  /// Samples that go to one part together if sequences are unknown.
  static let runRows = 4096

  let parts: Int
  /// Samples so far.
  private var samples = 0
  /// Sequences and runs so far.
  private(set) var units = 0
  /// Where the last sample was, if it belongs to a sequence.
  private var last: Place?
  private var hasSequences = false
  private var hasRuns = false

  /// A sample of a sequence.
  private struct Place: Codable, Equatable {
    /// The name of the source without folders, because a corpus may move before the run resumes.
    let source: String
    let sequence: Int
    /// Its row within the source.
    let row: Int
  }

  /// - Parameter parts: P, at least 1.
  init(_ parts: Int) { self.parts = parts }

  /// What goes to one part as a whole, in words.
  var rule: String {
    let runs = "rows of \(Self.runRows)"
    return hasSequences ? hasRuns ? "sequences and \(runs)" : "sequences" : runs
  }

  /// Whether a stream of so many samples can have led here.
  func isPossible(after samples: Int) -> Bool {
    self.samples == samples && (0...samples).contains(units) && (samples == 0) == (units == 0)
      && last.map { $0.row >= 0 && $0.sequence >= 0 } ?? true
  }

  /// The rows of the next block that go to each part, as ascending ranges.
  mutating func ranges(of block: Block) -> [[Range<Int>]] {
    var ranges = Array(repeating: [Range<Int>](), count: parts)
    let unknown = RowOrigin(source: "", firstRow: block.firstRow, offset: 0)
    let runs = block.origins.isEmpty ? [unknown] : block.origins
    for (index, run) in runs.enumerated() {
      let rows = run.offset..<(index + 1 < runs.count ? runs[index + 1].offset : block.rows)
      guard !rows.isEmpty else { continue }
      if let sequence = run.sequence { begin(sequence, run, rows.count) }
      var first = rows.lowerBound
      while first < rows.upperBound {
        let count = run.sequence == nil ? beginRun(rows.upperBound - first) : rows.count
        Self.add(first..<first + count, to: &ranges[(units - 1) % parts])
        samples += count
        first += count
      }
    }
    return ranges
  }

  /// Counts a sequence, unless the last sample belongs to it.
  private mutating func begin(_ sequence: Int, _ run: RowOrigin, _ rows: Int) {
    let source = (run.source as NSString).lastPathComponent
    let isLast = last.map { last in
      last.sequence == sequence && (run.sequencesGoOn || last.source == source && last.row < run.firstRow)
    }
    if isLast != true { units += 1 }
    last = Place(source: source, sequence: sequence, row: run.firstRow + rows - 1)
    hasSequences = true
  }

  /// Counts a run if one begins here. Returns how many of the next `rows` samples belong to the current one.
  private mutating func beginRun(_ rows: Int) -> Int {
    let done = samples % Self.runRows
    if done == 0 || last != nil { units += 1 }
    last = nil
    hasRuns = true
    return min(rows, Self.runRows - done)
  }

  private static func add(_ rows: Range<Int>, to ranges: inout [Range<Int>]) {
    if let before = ranges.last, before.upperBound == rows.lowerBound {
      ranges[ranges.count - 1] = before.lowerBound..<rows.upperBound
    } else {
      ranges.append(rows)
    }
  }
}
