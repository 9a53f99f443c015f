import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Stages

@Suite("Timeline")
struct TimelineTests {
  private let dimension = 6

  private func block(_ rows: Int, classes: Int, from first: Int, seed: Int) -> Block {
    var generator = SeededGenerator(seed)
    let labels = (0..<rows).map { Int32((first + $0) % classes) }
    // Classes differ by more than their samples do.
    let features = (0..<rows * dimension).map { place in
      Double((Int(labels[place / dimension]) * 7 + place % dimension * 3) % 5) + .random(in: -1...1, using: &generator)
    }
    return block(labels, features)
  }

  private func block(_ labels: [Int32], _ features: [Double]) -> Block {
    let builder = try! BlockBuilder(dimension: features.count / labels.count, scalar: .float64, firstRow: 0)
    _ = builder.next(labels.count).labels.initialize(fromContentsOf: labels)
    features.withUnsafeBytes { builder.keep(0..<labels.count).copyMemory(from: $0) }
    builder.commit(labels.count, source: "test", firstRow: 0)
    return builder.finish()
  }

  private func rows(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }

  @Test(
    "A row has the values of measuring the same moments, to the last digit", arguments: WithinScatter.allCases)
  func values(within: WithinScatter) throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension, within: within)
    var timeline = Timeline(file: folder.file("t.csv"), every: 10, within: within, threads: 2)
    for part in 0..<3 {
      try moments.fold(block(100, classes: 9 + part, from: 100 * part, seed: part))
      try timeline.record(moments, most: .max) { Issue.record("\($0)") }
      try timeline.begin().commit()
      let measures = try Measures(of: ClassSelection(moments.table))
      let row = try #require(try rows(folder.file("t.csv")).last)
      #expect(row["samples"] == "\(100 * (part + 1))")
      #expect(row["classes"] == "\(9 + part)")
      var numbers = Dictionary(measures.measurements.flatMap(\.numbers)) { first, _ in first }
      for measurement in measures.measurements {
        for (part, error) in measurement.errors { numbers[measurement.entry.errorColumn(part)] = error }
      }
      for (column, text) in row where !["samples", "classes", "repeated_classes", "samples_digest"].contains(column) {
        #expect(Double(text) == numbers[column] ?? nil, "\(column)")
      }
      #expect((row["nc1_pinv"] == nil) == (within == .none))
      let errors = row.filter { $0.key.hasSuffix("_standard_error") }
      #expect(errors.isEmpty == (within == .none) && errors.values.allSatisfy { Double($0).map { $0 > 0 } == true })
      #expect(row["nc1_quotient_corrected"]?.isEmpty == false && row["nc2_norm_squared_corrected_cv"] != nil)
    }
    #expect(try rows(folder.file("t.csv")).count == 3)
  }

  @Test("The next row is due at the next multiple, however far the last one overshot")
  func multiples() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension)
    var timeline = Timeline(file: folder.file("t.csv"), every: 30, within: .none, threads: 1)
    #expect(timeline.next == 30)
    try moments.fold(block(100, classes: 5, from: 0, seed: 1))
    try timeline.record(moments, most: .max) { _ in }
    try timeline.begin().commit()
    #expect(timeline.next == 120)
    try timeline.record(moments, most: .max) { _ in }
    try timeline.begin().commit()
    #expect(try rows(folder.file("t.csv")).count == 1)
    try moments.fold(block(20, classes: 5, from: 0, seed: 2))
    try timeline.record(moments, most: .max) { _ in }
    try timeline.begin().commit()
    #expect(timeline.next == 150)
  }

  @Test("While no class has two samples, only the sizes have values; values undefined for one class are empty too")
  func undefined() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension)
    var timeline = Timeline(file: folder.file("t.csv"), every: 1, within: .none, threads: 1)
    try moments.fold(block(1, classes: 1, from: 0, seed: 1))
    try timeline.record(moments, most: .max) { Issue.record("\($0)") }
    try timeline.begin().commit()
    try moments.fold(block(2, classes: 1, from: 0, seed: 2))
    try timeline.record(moments, most: .max) { Issue.record("\($0)") }
    try timeline.begin().commit()
    let text = try String(contentsOfFile: folder.file("t.csv"), encoding: .utf8).split(separator: "\n")
    let columns = text[0].split(separator: ",").map(String.init)
    func row(_ line: Int) -> [String: Substring] {
      let fields = text[line].split(separator: ",", omittingEmptySubsequences: false)
      return Dictionary(uniqueKeysWithValues: zip(columns, fields).filter { !$1.isEmpty })
    }
    #expect(row(1) == ["samples": "1", "classes": "1", "repeated_classes": "0"])
    let last = row(2)
    #expect(last["samples"] == "3" && last["between_trace"] == "0.0" && last["nc2_norm_mean"] == "0.0")
    #expect(["nc1_quotient", "nc2_norm_cv", "nc2_interference_mean", "nc2_etf_error"].allSatisfy { last[$0] == nil })
  }

  @Test("More classes than fit in memory leave a row without statistics, and are reported once")
  func tooMany() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension)
    var timeline = Timeline(file: folder.file("t.csv"), every: 1, within: .none, threads: 1)
    let said = Mutex<[String]>([])
    for seed in 0..<2 {
      try moments.fold(block(100, classes: 9, from: 0, seed: seed))
      try timeline.record(moments, most: 8) { text in said.withLock { $0.append(text) } }
      try timeline.begin().commit()
    }
    #expect(try rows(folder.file("t.csv")).map { $0["nc1_quotient"] } == ["", ""])
    #expect(said.withLock { $0.count } == 1)
    #expect(said.withLock { $0.first?.contains("room to measure 8 classes") } == true)
  }

  @Test("Features whose squares overflow leave a row without statistics and do not end the run")
  func tooLarge() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: 1)
    var timeline = Timeline(file: folder.file("t.csv"), every: 1, within: .none, threads: 1)
    try moments.fold(block([0, 0, 1], [1e80, 2e80, 3e80]))
    let said = Mutex<[String]>([])
    try timeline.record(moments, most: .max) { text in said.withLock { $0.append(text) } }
    try timeline.begin().commit()
    #expect(said.withLock { $0.first?.contains("so that a double holds its fourth power") } == true)
    #expect(try rows(folder.file("t.csv")).first?["within_trace"] == "")
  }

  @Test("At the end it says from how many samples on each statistic has kept within one error of its last value")
  func settled() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension, within: .pooled)
    var timeline = Timeline(file: folder.file("t.csv"), every: 1, within: .pooled, threads: 1)
    for part in 0..<8 {
      try moments.fold(block(100, classes: 9, from: 100 * part, seed: part))
      try timeline.record(moments, most: .max) { Issue.record("\($0)") }
      #expect((timeline.settled == nil) == (part == 0))
    }
    try timeline.begin().commit()
    let rows = try rows(folder.file("t.csv"))
    let said = try #require(timeline.settled)
    for id in ["within_trace", "nc1_quotient", "nc1_cdnv_ratio_corrected"] {
      let values = try rows.map { try #require(Double($0[id] ?? "")) }
      let error = try #require(Double(rows.last?["\(id)_standard_error"] ?? ""))
      let outside = values.lastIndex { abs($0 - values[7]) > error }
      let first = outside.map { $0 + 1 } ?? 0
      #expect(said.contains("\(id) from \(100 * (first + 1)) samples") == (first < 7), "\(said)")
      let missed = said.components(separatedBy: "not reached: ").last?.components(separatedBy: ", ")
      #expect(missed?.contains(id) == (first == 7))
    }
  }

  @Test("Without the scatter there are no errors, so nothing is said about enough samples")
  func unsettled() throws {
    let folder = try TemporaryFolder()
    let moments = ClassMoments(dimension: dimension)
    var timeline = Timeline(file: folder.file("t.csv"), every: 1, within: .none, threads: 1)
    for part in 0..<3 {
      try moments.fold(block(100, classes: 9, from: 100 * part, seed: part))
      try timeline.record(moments, most: .max) { Issue.record("\($0)") }
    }
    #expect(timeline.settled == nil)
  }

  @Test("It is next to the state", arguments: [("a/moments.h5", "a/moments.timeline.csv"), ("m", "m.timeline.csv")])
  func place(state: String, timeline: String) { #expect(Timeline.file(beside: state) == timeline) }
}
