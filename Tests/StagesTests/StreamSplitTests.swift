import Foundation
import Samples
import Testing

@testable import Stages

@Suite("Dividing a stream")
struct StreamSplitTests {
  /// A run of rows of a stream that a test makes.
  private struct Run {
    let source: String
    let firstRow: Int
    let rows: Int
    var sequence: Int?
    var goesOn = false
  }

  /// Blocks of at most `most` rows.
  private func blocks(_ runs: [Run], most: Int) throws -> [Block] {
    var (blocks, done): ([Block], Int) = ([], 0)
    var builder: BlockBuilder?
    for run in runs {
      var row = 0
      while row < run.rows {
        let current = try builder.take() ?? BlockBuilder(dimension: 1, scalar: .float16, firstRow: done)
        let count = min(run.rows - row, most - current.rows)
        let target = current.next(count)
        for index in 0..<count {
          target.labels[index] = 0
          target.predictions[index] = Block.noPrediction
        }
        _ = current.keep(0..<count)
        current.commit(
          count, source: run.source, firstRow: run.firstRow + row, sequence: run.sequence, sequencesGoOn: run.goesOn)
        row += count
        done += count
        if current.rows == most { blocks.append(current.finish()) } else { builder = consume current }
      }
    }
    if let last = builder.take() { blocks.append(last.finish()) }
    return blocks
  }

  /// The part of every row of the stream, in order.
  private func parts(_ runs: [Run], of count: Int, most: Int = 1000) throws -> [Int] {
    var split = StreamSplit(count)
    return try blocks(runs, most: most).flatMap { block in
      // What a checkpoint keeps is all there is to know.
      split = try JSONDecoder().decode(StreamSplit.self, from: JSONEncoder().encode(split))
      var found = [Int](repeating: -1, count: block.rows)
      for (part, ranges) in split.ranges(of: block).enumerated() {
        for row in ranges.joined() {
          #expect(found[row] == -1)
          found[row] = part
        }
      }
      return found
    }
  }

  @Test(
    "Without sequences, the i-th 4 096 rows of the whole stream go to part i mod P", arguments: [7, 1000, 4096, 30_000])
  func rows(most: Int) throws {
    let runs = [
      Run(source: "a", firstRow: 0, rows: 5_000), Run(source: "b", firstRow: 0, rows: 1),
      Run(source: "c", firstRow: 10, rows: 20_000),
    ]
    #expect(try parts(runs, of: 3, most: most) == (0..<25_001).map { $0 / 4096 % 3 })
  }

  @Test("The i-th sequence goes to part i mod P as a whole, wherever blocks end", arguments: [1, 3, 1000])
  func sequences(most: Int) throws {
    // A sequence that has lost rows in the middle, one that another file continues, and equal numbers in two files.
    let runs = [
      Run(source: "x/a", firstRow: 0, rows: 5, sequence: 0), Run(source: "x/a", firstRow: 7, rows: 2, sequence: 0),
      Run(source: "x/a", firstRow: 9, rows: 3, sequence: 1), Run(source: "x/b", firstRow: 0, rows: 4, sequence: 1),
      Run(source: "x/b", firstRow: 4, rows: 2, sequence: 5), Run(source: "x/b", firstRow: 0, rows: 2, sequence: 5),
      Run(source: "y/c", firstRow: 0, rows: 3, sequence: 5, goesOn: true),
      Run(source: "y/c", firstRow: 3, rows: 1, sequence: 6, goesOn: true),
    ]
    let units = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 4, 5]
    for count in [2, 3, 16] { #expect(try parts(runs, of: count, most: most) == units.map { $0 % count }) }
  }

  @Test("What went to parts as a whole is said in words")
  func rule() throws {
    func rule(_ runs: [Run]) throws -> String {
      var split = StreamSplit(2)
      for block in try blocks(runs, most: 10) { _ = split.ranges(of: block) }
      return split.rule
    }
    let (known, unknown) = (Run(source: "a", firstRow: 0, rows: 5, sequence: 0), Run(source: "b", firstRow: 0, rows: 5))
    #expect(try rule([known]) == "sequences")
    #expect(try rule([unknown]) == "rows of 4096")
    #expect(try rule([unknown, known]) == "sequences and rows of 4096")
  }

  @Test("A checkpoint with impossible numbers is not resumed")
  func impossible() throws {
    func split(_ changes: (String, String)...) throws -> StreamSplit {
      var split = StreamSplit(3)
      for block in try blocks([Run(source: "a", firstRow: 4, rows: 30, sequence: 2)], most: 10) {
        _ = split.ranges(of: block)
      }
      let text = changes.reduce(String(decoding: try JSONEncoder().encode(split), as: UTF8.self)) {
        $0.replacing($1.0, with: $1.1)
      }
      return try JSONDecoder().decode(StreamSplit.self, from: Data(text.utf8))
    }
    #expect(try split().isPossible(after: 30) && !split().isPossible(after: 31))
    for change in [("\"units\":1", "\"units\":-1"), ("\"units\":1", "\"units\":31"), ("\"row\":33", "\"row\":-1")] {
      #expect(try !split(change).isPossible(after: 30), "\(change)")
    }
  }

  @Test("The parts of a file are numbered from 1, all with as many digits as the last")
  func files() {
    #expect(PartFiles.file(3, of: 16, beside: "out/m.h5") == "out/m.part-03.h5")
    #expect(PartFiles.file(3, of: 9, beside: "o.d/m") == "o.d/m.part-3")
    for whole in ["m.h5", "o.d/m", "m.part-1.h5", "m.part-01", "a.part-1/é.h5"] {
      for count in [2, 9, 10, 256] {
        let files = (1...count).map { PartFiles.file($0, of: count, beside: whole) }
        #expect(PartFiles.all(count, like: files[0]) == files)
      }
    }
  }
}
