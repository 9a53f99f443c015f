import Engine
import Foundation
import Support

/// The results of the merge benchmark: for each number of states, median times and peak memory.
package struct MergeBenchReport: Sendable {
  /// The results for one number of states.
  struct Line: Sendable {
    let states: Int
    /// Bytes of their files.
    let bytes: Int
    /// Classes of the result.
    let classes: Int
    /// Seconds of reading the files from end to end, and of merging them.
    let reading: Double
    let merging: Double
    /// Peak memory of the process while merging, in bytes.
    let peak: Int
  }

  let options: MergeBenchOptions
  let lines: [Line]

  /// One object: the machine, the sizes, one entry for each number of states.
  package var json: JSONValue {
    [
      "machine": Processor.json(threads: options.threads),
      "sizes": [
        "vocabulary": .integer(options.vocabulary), "dimension": .integer(options.dimension),
        "type": .string(options.type.rawValue), "within": .string(options.within.rawValue),
        "memory": .integer(options.memory),
      ],
      "repeats": .integer(options.repeats),
      "merges": .array(
        lines.map { line in
          [
            "states": .integer(line.states), "bytes": .integer(line.bytes), "classes": .integer(line.classes),
            "seconds": .number(line.merging), "seconds_per_state": .number(line.merging / Double(line.states)),
            "bytes_per_second": .number(Double(line.bytes) / line.merging), "reading_seconds": .number(line.reading),
            "share_of_reading": .number(line.reading / line.merging), "peak_memory": .integer(line.peak),
          ]
        }),
    ]
  }

  /// Plain text for a terminal.
  package var table: String {
    let heading = """
      \(Processor.heading(threads: options.threads, repeats: options.repeats))
      states of \(options.dimension) features, V = \(ProgressDisplay.grouped(options.vocabulary)), \
      within: \(options.within.rawValue); at most \(ByteCount.describe(options.memory)) of memory

      """
    let header = ["states", "size", "classes", "seconds", "ms per state", "GB/s", "of reading", "peak memory"]
    let cells = lines.map { line in
      [
        ProgressDisplay.grouped(line.states), ByteCount.describe(line.bytes), ProgressDisplay.grouped(line.classes),
        String(format: "%.3f", line.merging), String(format: "%.2f", 1_000 * line.merging / Double(line.states)),
        String(format: "%.2f", Double(line.bytes) / line.merging / 1e9),
        String(format: "%.0f %%", 100 * line.reading / line.merging),
        line.peak > 0 ? ByteCount.describe(line.peak) : "–",
      ]
    }
    return heading + "\n" + TextTable([header] + cells, rightAligned: 0...7).text + "\n"
  }
}

extension MergeBenchReport.Line {
  /// The median times of several lines for the same states, and the greatest of their peak memories.
  ///
  /// - Precondition: there is at least one line.
  init(median lines: [MergeBenchReport.Line]) {
    self.init(
      states: lines[0].states, bytes: lines[0].bytes, classes: lines[0].classes,
      reading: lines.map(\.reading).median, merging: lines.map(\.merging).median,
      peak: lines.map(\.peak).max() ?? 0)
  }
}
