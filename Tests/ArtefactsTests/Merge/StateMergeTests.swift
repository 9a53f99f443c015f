import Foundation
import TestSupport
import Testing

@testable import Artefacts
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Merging state files")
struct StateMergeTests {
  @Test("Merged shards equal the whole up to rounding, and twice the same way")
  func shards() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 60, dimension: 5, rows: 3_000, seed: 1)
    let names = try [0..<1_000, 1_000..<2_500, 2_500..<3_000].enumerated().map { index, rows in
      try write(samples.reordered(Array(rows)), to: folder.file("\(index).h5"), features: "float32")
    }
    for name in ["a.h5", "b.h5"] {
      let merged = try merge(names, to: folder.file(name))
      #expect(merged.samples == 3_000)
      let provenance = try StateReader(folder.file(name)).provenance
      #expect(provenance.parts == 3)
      #expect(provenance.vocabulary == 60)
    }
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
    try expectClose(try StateReader(folder.file("a.h5")).table(), samples.moments(.float32).table, within: 1e-13)
  }

  @Test("A different dimension, scatter or given vocabulary is refused, naming the state")
  func mismatches() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 10, dimension: 5, rows: 100, seed: 1)
    let wider = ClassSamples(classes: 10, dimension: 6, rows: 100, seed: 1)
    let first = try write(samples, to: folder.file("first.h5"), vocabulary: 10)
    try refuse(first, write(wider, to: folder.file("wider.h5"), vocabulary: 10), .dimensionMismatch)
    try refuse(first, write(samples, to: folder.file("none.h5"), within: .none, vocabulary: 10), .withinMismatch)
    try refuse(first, write(samples, to: folder.file("v11.h5"), vocabulary: 11), .vocabularyMismatch)
    let diagonal = try write(samples, to: folder.file("diagonal.h5"), moments: .diagonal, vocabulary: 10)
    try refuse(first, diagonal, .secondMomentsMismatch)
    try refuse(diagonal, first, .secondMomentsMismatch)
  }

  @Test("A vocabulary that grew fits a given one if all its tokens do")
  func grownVocabulary() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 10, dimension: 5, rows: 200, seed: 1)
    let grown = try write(samples, to: folder.file("grown.h5"))
    _ = try StateMerge([grown, write(samples, to: folder.file("v20.h5"), vocabulary: 20)])
    try refuse(write(samples, to: folder.file("v9.h5"), vocabulary: 9), grown, .vocabularyMismatch)
  }

  @Test("More states are merged than files may be open at the same time")
  func moreThanMayBeOpen() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 3, dimension: 2, rows: 9, seed: 1)
    let state = try write(samples, to: folder.file("a.h5"))
    let count = 1_100
    // Copies, because the library opens a file with two names only once.
    let names = try (0..<count).map { index in
      try FileManager.default.copyItem(atPath: state, toPath: folder.file("\(index).h5"))
      return folder.file("\(index).h5")
    }
    let openBefore = try openFiles()
    let merge = try StateMerge(names)
    #expect(try openFiles() < openBefore + 100)
    var (mostOpen, calls) = (0, 0)
    let merged = try merge.write(to: folder.file("all.h5"), plan: merge.plan(memory: 1 << 30), scratch: folder.path) {
      _ in
      calls += 1
      if calls % 100 == 0 { mostOpen = max(mostOpen, try openFiles()) }
    }
    #expect(mostOpen > 0 && mostOpen < openBefore + 100)
    #expect(merged.samples == 9 * count)
    #expect(try StateReader(folder.file("all.h5")).provenance.parts == count)
  }

  /// Files that the process has open; other tests open a few too.
  private func openFiles() throws -> Int {
    #if os(Linux)
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    #else
      try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count
    #endif
  }

  @Test("A state that was replaced while it waited is refused")
  func changedWhileWaiting() throws {
    let folder = try TemporaryFolder()
    let state = try write(ClassSamples(classes: 3, dimension: 2, rows: 50, seed: 1), to: folder.file("a.h5"))
    let merge = try StateMerge([state])
    _ = try write(ClassSamples(classes: 3, dimension: 2, rows: 50, seed: 2), to: state)
    #expect(throws: MomentsError.self) {
      try merge.write(to: folder.file("m.h5"), plan: merge.plan(memory: 1 << 30), scratch: folder.path)
    }
    #expect(try folder.names == ["a.h5"])
  }

  @Test("A state whose means became two doubles while it waited is refused before memory runs out")
  func carriesWhileWaiting() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 3, dimension: 2, rows: 50, seed: 1)
    let state = try write(samples, to: folder.file("a.h5"), scalar: .bfloat16)
    let merge = try StateMerge([state])
    _ = try write(samples, to: state, scalar: .float32)
    let error = #expect(throws: MomentsError.self) {
      try merge.write(to: folder.file("m.h5"), plan: merge.plan(memory: 1 << 30), scratch: folder.path)
    }
    #expect(error?.description.contains("a.h5, /classes/mean_carry") == true)
  }

  @Test("States whose counts overflow are refused, naming the first one too many")
  func tooManySamples() throws {
    let folder = try TemporaryFolder()
    try HandmadeState(tokens: [3], counts: [1 << 52 + 1], m2: [1], means: [0, 1]).write(to: folder.file("a.h5"))
    let names = [folder.file("a.h5"), folder.file("a.h5")]
    let error = #expect(throws: RewordedError.self) { try merge(names, to: folder.file("m.h5")) }
    #expect(error?.description.contains("a.h5: expected at most 9007199254740992 samples") == true)
  }

  @Test("Sums of skipped rows and parts that overflow are refused before anything is merged")
  func tooManyParts() throws {
    let folder = try TemporaryFolder()
    let moments = try ClassSamples(classes: 3, dimension: 2, rows: 9, seed: 1).moments(.float32)
    try moments.write(to: folder.file("parts.h5"), provenance(parts: 1 << 53))
    try moments.write(to: folder.file("skipped.h5"), provenance(skipped: 1 << 53))
    for name in ["parts", "skipped"] {
      let names = Array(repeating: folder.file("\(name).h5"), count: 2)
      let error = #expect(throws: MomentsError.self) { try merge(names, to: folder.file("m.h5")) }
      #expect(error?.kind == .overflow && error?.description.contains(name) == true)
      #expect(try !folder.names.contains("m.h5"))
    }
  }

  @Test("Moments that overflow in a merge are refused with the output's name")
  func overflow() throws {
    let folder = try TemporaryFolder()
    for (index, value) in [1e200, -1e200].enumerated() {
      let moments = ClassMoments(dimension: 1)
      try moments.fold(block([0], [[value]] as [[Double]], .float64))
      try moments.write(to: folder.file("\(index).h5"), provenance())
    }
    let names = [folder.file("0.h5"), folder.file("1.h5")]
    let error = #expect(throws: RewordedError.self) { try merge(names, to: folder.file("out.h5")) }
    #expect(error?.description.contains("\(folder.file("out.h5")), class of token 0: expected") == true)
    #expect(error?.isBadInput == true)
    #expect(try folder.names == ["0.h5", "1.h5"])
  }

  @Test(
    "Every plan, any number of threads, and merges of aligned groups give the bytes of one merge",
    arguments: WithinScatter.allCases, SecondMoments.allCases)
  func oneShape(within: WithinScatter, moments: SecondMoments) throws {
    // The scatter's own sums are the same with either.
    if within == .pooledSingle, moments == .diagonal { return }
    let folder = try TemporaryFolder()
    // More classes than a unit of the scatter (2 048 token ids), some of them rare; the means of some states have no
    // carry.
    var samples = ClassSamples(classes: 400, dimension: 7, rows: 4_400, seed: 3)
    samples.relabel { Int32($0 * $0 % 5_003) }
    let names = try (0..<11).map { index in
      try write(
        samples.reordered(Array(index * 400..<(index + 1) * 400)), to: folder.file("\(index).h5"), within: within,
        moments: moments, scalar: index % 4 == 1 ? .bfloat16 : .float32)
    }
    try merge(names, to: folder.file("whole.h5"))
    let whole = try folder.read("whole.h5")
    for (statesPerPass, classesAtOnce, threads) in [(2, 2_048, 1), (4, 2_100, 3), (8, 9_000, 2), (16, 4_096, 4)] {
      let plan = MergePlan(statesPerPass: statesPerPass, classesAtOnce: classesAtOnce)
      _ = try StateMerge(names).write(
        to: folder.file("part.h5"), plan: plan, scratch: folder.path, workers: WorkerThreads(threads))
      #expect(try folder.read("part.h5") == whole, "\(statesPerPass) states at once")
    }
    for size in [2, 4, 8] {
      let groups = try stride(from: 0, to: names.count, by: size).map { first in
        let group = folder.file("group-\(first).h5")
        try merge(Array(names[first..<min(first + size, names.count)]), to: group)
        return group
      }
      try merge(groups, to: folder.file("tree.h5"))
      #expect(try folder.read("tree.h5") == whole, "groups of \(size)")
    }
    #expect(try !folder.names.contains { $0.hasPrefix("collapse-") || $0.contains("partial") })
  }

  @Test("For any grouping of states, merging equals accumulating the whole up to rounding", arguments: [false, true])
  func grouping(isCollapsed: Bool) throws {
    let folder = try TemporaryFolder()
    var samples = ClassSamples(classes: 40, dimension: 7, rows: 9_000, seed: 9)
    if isCollapsed { samples.collapse(spread: 1e-8) }
    let names = try [0..<1_000, 1_000..<1_017, 1_017..<9_000].enumerated().map { index, rows in
      try write(samples.reordered(Array(rows)), to: folder.file("\(index).h5"), moments: .diagonal, scalar: .float64)
    }
    let whole = try samples.moments(.float64, moments: .diagonal).table
    for (first, last) in [(0..<2, 2..<3), (0..<1, 1..<3)] {
      for (group, range) in ["first.h5", "last.h5"].enumerated() {
        try merge(Array(names[group == 0 ? first : last]), to: folder.file(range))
      }
      try merge([folder.file("first.h5"), folder.file("last.h5")], to: folder.file("m.h5"))
      try expectClose(
        StateReader(folder.file("m.h5")).table(withDiagonal: true), whole, within: isCollapsed ? 1e-12 : 1e-13)
    }
  }

  @Test("Merging a single state keeps its moments bit for bit", arguments: WithinScatter.allCases)
  func one(within: WithinScatter) throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 10, dimension: 4, rows: 500, seed: 10)
    try merge([write(samples, to: folder.file("a.h5"), within: within)], to: folder.file("m.h5"))
    #expect(try StateReader(folder.file("m.h5")).table() == samples.moments(.float32, within: within).table)
  }

  @Test("The same samples twice are merged with a warning, under any name")
  func twice() throws {
    let folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 10, dimension: 4, rows: 500, seed: 10)
    let first = try write(samples, to: folder.file("a.h5"))
    try folder.write("copy.h5", folder.read("a.h5"))
    let copied = try StateMerge([first, folder.file("copy.h5")]).warnings
    #expect(copied.count == 1 && copied[0].contains("copy.h5 has the same samples as \(first)"))
    #expect(try StateMerge([first, first]).warnings.first?.contains("a.h5 is given twice") == true)
  }

  @Test("States without a common feature type are merged with a warning")
  func types() throws {
    let folder = try TemporaryFolder()
    let names = try [("a", "float32"), ("b", "float16"), ("c", "float32")].enumerated().map { seed, made in
      let samples = ClassSamples(classes: 10, dimension: 4, rows: 100, seed: seed)
      return try write(samples, to: folder.file(made.0), features: made.1)
    }
    let warnings = try StateMerge(names).warnings
    #expect(warnings.count == 1 && warnings[0].contains("\(names[1]) has float16"))
    #expect(try StateMerge([names[0], names[2]]).warnings.isEmpty)
  }

  @discardableResult
  private func merge(_ names: [String], to path: String) throws -> StateMerge.Summary {
    let merge = try StateMerge(names)
    return try merge.write(to: path, plan: merge.plan(memory: 1 << 30), scratch: "/nowhere")
  }

  private func provenance(parts: Int = 1, skipped: Int = 0) -> Provenance {
    Provenance(
      madeBy: "accumulate", vocabulary: 100, vocabularyWasGiven: true, skipped: skipped, features: ["float32"],
      parts: parts, samplesDigest: "")
  }

  private func refuse(_ first: String, _ second: String, _ kind: MomentsError.Kind) throws {
    let error = #expect(throws: MomentsError.self) { try StateMerge([first, second]) }
    #expect(error?.kind == kind)
    #expect(error?.isBadInput == true)
    #expect(error?.description.contains(second) == true)
  }

  private func write(
    _ samples: ClassSamples, to path: String, within: WithinScatter = .pooled, moments: SecondMoments = .trace,
    vocabulary: Int? = nil,
    features: String = "float32", scalar: ScalarType = .float32
  ) throws -> String {
    let moments = try samples.moments(scalar, within: within, moments: moments)
    try moments.write(
      to: path,
      Provenance(
        madeBy: "accumulate", vocabulary: vocabulary ?? Int(moments.tokens.last ?? 0) + 1,
        vocabularyWasGiven: vocabulary != nil, skipped: 0, features: [features], parts: 1, samplesDigest: path))
    return path
  }
}
