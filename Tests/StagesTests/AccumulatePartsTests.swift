import Foundation
import Logging
import TestSupport
import Testing

@testable import Artefacts
@testable import Engine
@testable import KindsForTests
@testable import Moments
@testable import Stages

/// States of parts of a stream, made in one read beside the state of the whole.
@Suite("Moments in parts")
struct AccumulatePartsTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ stages: String) async throws {
    let text = "parameters: { out: \"\(folder.file("out"))\" }\nstages:\n" + stages.replacing("DIR", with: folder.path)
    let graph = try StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml"))
    _ = try await PipelineRun(graph, log: Self.log).run()
  }

  private func state(_ name: String) throws -> StateReader {
    try StateReader(folder.file("out/\(name).h5"), mayBeEmpty: true)
  }

  private func parts(_ count: Int, of name: String = "m") throws -> [StateReader] {
    try PartFiles.all(count, like: PartFiles.file(1, of: count, beside: folder.file("out/\(name).h5"))).map {
      try StateReader($0, mayBeEmpty: true)
    }
  }

  /// Samples with a large offset, so that a mean merged carelessly would show.
  private func stream(rows: Int, classes: Int = 40) -> (labels: [Int32], bytes: [UInt8]) {
    var generator = SeededGenerator(rows)
    let labels = (0..<rows).map { _ in Int32(Int.random(in: 0..<classes * classes, using: &generator).squareRoot) }
    let features = labels.flatMap { label in
      (0..<6).map { 100 + Float(label) / 8 + Float(generator.normal()) + Float($0) }
    }
    return (labels, NPY.batch(labels, features, dimension: 6))
  }

  private func expectRefused(_ words: String, _ body: () throws -> Void) {
    let error = #expect(throws: MomentsError.self, performing: body)
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  private func expectEqual(_ merged: StateReader, _ whole: StateReader) throws {
    let (a, b) = (try merged.table(), try whole.table())
    #expect(a.tokens == b.tokens && a.counts == b.counts)
    #expect(merged.samples == whole.samples && merged.provenance.skipped == whole.provenance.skipped)
    #expect(merged.provenance.vocabulary == whole.provenance.vocabulary)
    func compare(_ a: [Double], _ b: [Double]) {
      let most = b.map(abs).max() ?? 0
      #expect(a.count == b.count)
      for (a, b) in zip(a, b) where abs(a - b) > 1e-10 * max(abs(b), 1e-3 * most) { Issue.record("\(a) is not \(b)") }
    }
    compare(a.means.elements, b.means.elements)
    compare(a.m2, b.m2)
    #expect((a.withinScatter == nil) == (b.withinScatter == nil))
    compare(a.withinScatter?.elements ?? [], b.withinScatter?.elements ?? [])
  }

  @Test("The merge of the parts equals the whole to 1e-10, and each part has its runs of 4 096 rows")
  func merged() async throws {
    let (first, second) = (stream(rows: 21_000), stream(rows: 9_001))
    try folder.write("a.npy", first.bytes)
    try folder.write("b.npy", second.bytes)
    try await run(
      """
        s: { uses: read, files: [DIR/a.npy, DIR/b.npy] }
        w: { uses: accumulate, from: s, within: pooled }
        m: { uses: accumulate, from: s, within: pooled, parts: 3 }
      """)
    try expectEqual(state("m"), state("w"))
    let labels = first.labels + second.labels
    for (number, part) in try parts(3).enumerated() {
      let own = labels.indices.filter { $0 / 4096 % 3 == number }.map { labels[$0] }
      let expected = Dictionary(grouping: own) { $0 }.mapValues(\.count).sorted { $0.key < $1.key }
      let found = try part.tokensAndCounts()
      #expect(found.tokens == expected.map(\.key) && found.counts == expected.map(\.value))
      let stated = try #require(part.provenance.part)
      #expect(stated.numbers == number + 1...number + 1 && stated.count == 3 && stated.rule == "rows of 4096")
      #expect(try stated.stream == state("w").provenance.samplesDigest)
    }
    #expect(try Set(parts(3).map(\.provenance.samplesDigest)).count == 3)
  }

  @Test("Second moments of each feature are divided and merged with the rest")
  func diagonal() async throws {
    try folder.write("a.npy", stream(rows: 13_000).bytes)
    try await run(
      """
        s: { uses: read, files: DIR/a.npy }
        w: { uses: accumulate, from: s, within: pooled, moments: diagonal }
        m: { uses: accumulate, from: s, within: pooled, moments: diagonal, parts: 3 }
      """)
    try expectEqual(state("m"), state("w"))
    #expect(try parts(3).allSatisfy { $0.moments == .diagonal })
    let (merged, whole) = (try state("m").table(withDiagonal: true), try state("w").table(withDiagonal: true))
    let (found, expected) = (merged.diagonal?.elements ?? [], whole.diagonal?.elements ?? [])
    #expect(found.count == expected.count && expected.contains { $0 > 1 })
    for (a, b) in zip(found, expected) where abs(a - b) > 1e-10 * max(b, 1) { Issue.record("\(a) is not \(b)") }
    // A class's second moments add up to its variation.
    for (row, m2) in merged.m2.enumerated() {
      let sum = found[row * 6..<(row + 1) * 6].reduce(0, +)
      if abs(sum - m2) > 1e-10 * max(m2, 1) { Issue.record("\(sum) is not \(m2)") }
    }
  }

  @Test("A sequence is never divided, not even by the end of a file", arguments: ["x-*", "x-0"])
  func sequences(files: String) async throws {
    // Token 100·s + j at place j of sequence s, so each class belongs to one sequence.
    let length = 70
    let tokens = (0..<(files == "x-0" ? 100 : 300)).map { Int32(100 * ($0 / length) + $0 % length) }
    try folder.write("t.npy", NPY.labels(tokens))
    for file in 0..<3 {
      let features = (0..<200).map { Float(($0 * 7 + file) % 11) }
      try folder.write("x-\(file).npy", NPY.array("<f4", [100, 2], NPY.bytes(of: features)))
    }
    try await run(
      """
        s: { uses: read, files: "DIR/\(files).npy", tokens: [DIR/t.npy], sequence-length: \(length) }
        w: { uses: accumulate, from: s }
        m: { uses: accumulate, from: s, parts: 4 }
      """)
    try expectEqual(state("m"), state("w"))
    for (number, part) in try parts(4).enumerated() {
      for token in try part.tokens() { #expect(Int(token) / 100 % 4 == number) }
      #expect(part.provenance.part?.rule == "sequences")
    }
  }

  @Test("Sequences that a filter marks count, and what a filter leaves out does not")
  func filtered() async throws {
    let labels = (0..<500).map { Int32($0) }
    try folder.write("a.npy", NPY.batch(labels, labels.map { Float($0 % 13) }, dimension: 1))
    try await run(
      """
        s: { uses: read, files: DIR/a.npy }
        f: { uses: filter, from: s, every-sequence: 2, sequence-samples: 50, drop: [0-9] }
        m: { uses: accumulate, from: f, parts: 3 }
      """)
    let tokens = try parts(3).map { try $0.tokens().map(Int.init) }
    let kept = (0..<500).filter { $0 / 50 % 2 == 0 && $0 > 9 }
    #expect(tokens == (0..<3).map { part in kept.filter { $0 / 100 % 3 == part } })
  }

  @Test("A part without samples is an empty state, which merge takes; alone it is refused")
  func empty() async throws {
    try folder.write("a.npy", stream(rows: 5_000).bytes)
    try await run(
      """
        s: { uses: read, files: DIR/a.npy }
        w: { uses: accumulate, from: s, within: pooled }
        m: { uses: accumulate, from: s, within: pooled, parts: 11 }
      """)
    try expectEqual(state("m"), state("w"))
    let parts = try parts(11)
    #expect(parts.map(\.samples) == [4096, 904] + Array(repeating: 0, count: 9))
    #expect(parts.map(\.classes).dropFirst(2).allSatisfy { $0 == 0 })
    let facts = try ArtefactKinds.facts(of: parts[7].name) ?? []
    #expect(facts.first { $0.0 == "part" }?.1 == .integer(8))
    #expect(facts.first { $0.0 == "part_of" }?.1 == .integer(11))
    expectRefused("expected at least one class, found none: no sample went to it") {
      _ = try StateReader(parts[7].name)
    }
    expectRefused("expected samples in at least one state, found none in all 2") {
      _ = try StateMerge([parts[7].name, parts[8].name])
    }
    #expect(try StateMerge([parts[7].name, parts[0].name]).warnings.joined().contains("9 of the 11 parts"))
    #expect(
      try StateMerge([parts[0].name, folder.file("out/w.h5")]).warnings.joined().contains("samples count twice"))
  }

  private func merge(_ states: [StateReader], to name: String) throws -> StateReader {
    let merge = try StateMerge(states.map(\.name))
    _ = try merge.write(to: folder.file(name), plan: merge.plan(memory: 1 << 30), scratch: folder.path)
    return try StateReader(folder.file(name))
  }

  @Test("The merge of all parts knows the stream, also if halves were merged before; beside the stream it counts twice")
  func identity() async throws {
    try folder.write("a.npy", stream(rows: 17_000).bytes)
    try await run(
      """
        s: { uses: read, files: DIR/a.npy }
        w: { uses: accumulate, from: s, within: pooled }
        m: { uses: accumulate, from: s, within: pooled, parts: 4 }
      """)
    let (whole, parts) = (try state("w"), try parts(4))
    let stream = whole.provenance.samplesDigest
    let merged = try merge(parts, to: "all.h5")
    #expect(merged.provenance.stream == stream && merged.provenance.part == nil)
    #expect(try state("m").provenance.stream == stream)
    let halves = [try merge(Array(parts[..<2]), to: "1.h5"), try merge(Array(parts[2...]), to: "2.h5")]
    #expect(halves[1].provenance.part?.numbers == 3...4 && halves[1].provenance.stream == nil)
    #expect(try ArtefactKinds.facts(of: halves[1].name)?.first { $0.0 == "part_last" }?.1 == .integer(4))
    _ = try merge(halves, to: "halves.h5")
    #expect(try folder.read("halves.h5") == folder.read("all.h5"))
    #expect(try merge([parts[0], parts[3]], to: "apart.h5").provenance.part == nil)
    func warnings(_ states: StateReader...) throws -> String { try StateMerge(states.map(\.name)).warnings.joined() }
    #expect(try warnings(merged, whole).contains("w.h5 is of the same stream as \(merged.name), so it counts twice"))
    #expect(try warnings(whole, merged).contains("all.h5 is of the same stream"))
    #expect(try warnings(parts[0], merged).contains("is a part of \(merged.name), so its samples count twice"))
    #expect(try warnings(parts[2], halves[1]).contains("has parts that another state has too"))
    #expect(try warnings(halves[0], halves[1]).isEmpty)
  }

  @Test("Rows left out count once, and an error names the first bad row of the stream")
  func nonfinite() async throws {
    var (labels, features) = ((0..<9_000).map { Int32($0 % 5) }, (0..<9_000).map { Float($0 % 17) })
    for row in [8_500, 4_100, 20] { features[row] = .nan }
    labels[20] = 3
    try folder.write("a.npy", NPY.batch(labels, features, dimension: 1))
    try await run(
      """
        s: { uses: read, files: DIR/a.npy, nonfinite: skip }
        w: { uses: accumulate, from: s }
        m: { uses: accumulate, from: s, parts: 2 }
      """)
    try expectEqual(state("m"), state("w"))
    features[20] = 0
    try folder.write("a.npy", NPY.batch(labels, features, dimension: 1))
    await #expect {
      try await run(
        "  s: { uses: read, files: DIR/a.npy }\n  m: { uses: accumulate, from: s, parts: 2, output: DIR/m.h5 }")
    } throws: {
      "\($0)".contains("row 4100")
    }
  }

  @Test("Parts that several runs made from one stream in different ways are refused together")
  func mixed() async throws {
    try folder.write("a.npy", stream(rows: 9_000).bytes)
    try await run(
      """
        s: { uses: read, files: DIR/a.npy }
        m: { uses: accumulate, from: s, parts: 2 }
        n: { uses: accumulate, from: s, parts: 3 }
      """)
    expectRefused("expected parts of 2, by rows of 4096, as in") {
      _ = try StateMerge([parts(2)[0].name, parts(3, of: "n")[1].name])
    }
  }
}

extension Int {
  fileprivate var squareRoot: Int { Int(Double(self).squareRoot()) }
}
