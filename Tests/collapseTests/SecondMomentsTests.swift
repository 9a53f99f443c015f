import Foundation
import TestSupport
import Testing

/// `--moments diagonal` through the command line, against two passes over the samples.
@Suite("Second moments of features")
struct SecondMomentsTests {
  private let folder: TemporaryFolder
  private let labels: [Int32]
  private let rows: [[Double]]

  /// 600 rows of 40 classes about 10⁴, the features of unequal spread; the last class has one row.
  init() throws {
    folder = try TemporaryFolder()
    var random = SeededGenerator(4)
    labels = (0..<600).map { $0 == 599 ? 40 : Int32($0 * $0 % 40) }
    rows = labels.map { label in (0..<7).map { 1e4 + Double(label) + random.normal() * Double($0 + 1) } }
    try folder.write("a.npy", StreamSamples(labels: labels, rows: rows).stream(batches: [100, 250]))
  }

  private func run(_ verb: String, _ arguments: String..., status: Int32 = 0) throws -> Tool.Result {
    let result = try Tool.run(Places.tool, [verb] + arguments)
    #expect(result.status == status, "\(result.errors)")
    return result
  }

  private func accumulate(_ moments: String, _ options: String...) throws -> String {
    let state = folder.file("\(moments).h5")
    let result = try Tool.run(
      Places.tool, ["accumulate", folder.file("a.npy"), "--moments", moments, "--output", state] + options)
    #expect(result.status == 0, "\(result.errors)")
    return state
  }

  private func columns(_ name: String) throws -> [String: [String]] {
    let lines = String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return Dictionary(lines[0].enumerated().map { place, name in (name, lines.dropFirst().map { $0[place] }) }) {
      first, _ in first
    }
  }

  @Test("The table of classes has each class's participation ratio and largest features, as two passes give them")
  func classTable() throws {
    let state = try accumulate("diagonal", "--within", "pooled")
    _ = try run("measure", state, "--classes", folder.file("c.csv"), "--output", folder.file("g.json"))
    let table = try columns("c.csv")
    let tokens = Set(labels).sorted()
    #expect(table["token"] == tokens.map { "\($0)" })
    for (row, token) in tokens.enumerated() {
      let own = zip(labels, rows).filter { $0.0 == token }.map(\.1)
      let moments = (0..<7).map { feature in
        let mean = own.reduce(0) { $0 + $1[feature] } / Double(own.count)
        return own.reduce(0) { $0 + ($1[feature] - mean) * ($1[feature] - mean) }
      }
      let (sum, squares) = (moments.reduce(0, +), moments.reduce(0) { $0 + $1 * $1 })
      let largest = moments.indices.sorted { moments[$0] > moments[$1] }
      guard own.count > 1 else {
        for name in ["participation_ratio", "feature_1", "feature_1_share", "feature_3"] {
          #expect(table[name]?[row] == "")
        }
        continue
      }
      let found = Double(table["participation_ratio"]?[row] ?? "") ?? .nan
      #expect(abs(found * squares / (sum * sum) - 1) <= 1e-10)
      for place in 1...3 {
        let feature = largest[place - 1]
        #expect(table["feature_\(place)"]?[row] == "\(feature)")
        let share = Double(table["feature_\(place)_share"]?[row] ?? "") ?? .nan
        #expect(abs(share * sum / moments[feature] - 1) <= 1e-10)
      }
    }
    // The report takes the table as belonging to the measurements.
    _ = try run(
      "report", folder.file("g.json"), "--classes", folder.file("c.csv"), "--output", folder.file("r.html"))
    #expect(String(decoding: try folder.read("r.html"), as: UTF8.self).contains("participation ratio"))
  }

  @Test("trace is the default and the same file; inspect tells both apart, and merge does not mix them")
  func kinds() throws {
    let (trace, diagonal) = (try accumulate("trace"), try accumulate("diagonal"))
    _ = try run("accumulate", folder.file("a.npy"), "--output", folder.file("bare.h5"))
    #expect(try folder.read("bare.h5") == folder.read("trace.h5"))
    for (state, kind) in [(trace, "trace"), (diagonal, "diagonal")] {
      let shown = try run("inspect", state)
      #expect(String(decoding: shown.output, as: UTF8.self).contains(kind))
      _ = try run("merge", state, state, "--output", folder.file("twice.\(kind).h5"))
    }
    let refused = try run("merge", trace, diagonal, "--output", folder.file("m.h5"), status: 65)
    #expect(refused.errors.contains("diagonal.h5, second moments: expected trace, as in \(trace), found diagonal"))
    #expect(refused.errors.contains("accumulate all shards with the same second moments"))
    _ = try run("measure", trace, "--classes", folder.file("c.csv"), "--output", folder.file("g.json"))
    #expect(try columns("c.csv")["participation_ratio"] == nil)
    let unknown = try run(
      "accumulate", folder.file("a.npy"), "--moments", "diag", "--output", folder.file("m.h5"), status: 64)
    #expect(unknown.errors.contains("expected trace or diagonal for moments, found “diag”"), "\(unknown.errors)")
  }

  @Test("Shards in a pipeline keep them, and the timeline is as without them")
  func pipeline() throws {
    try folder.write("b.npy", StreamSamples(labels: labels, rows: rows.reversed()).stream())
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.path)" }
        stages:
          train: { uses: read, files: ["\(folder.path)/a.npy", "\(folder.path)/b.npy"] }
          moments: { uses: accumulate, from: train, moments: diagonal, shard-files: 1 }
          geometry: { uses: measure, moments: moments, classes: "${out}/c.h5" }
        """)
    _ = try run("run", file, "--allow-outputs")
    let shown = try run("inspect", folder.file("c.h5"))
    #expect(String(decoding: shown.output, as: UTF8.self).contains("feature_3_share"))
    for kind in ["trace", "diagonal"] { _ = try accumulate(kind, "--measure-every", "100") }
    #expect(try folder.read("diagonal.timeline.csv") == folder.read("trace.timeline.csv"))
  }
}
