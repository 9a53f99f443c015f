import Foundation
import TestSupport
import Testing

/// A second run of a pipeline makes what is missing or changed, says which and why, and nothing else.
@Suite("Running again")
struct RerunTests {
  private let folder: TemporaryFolder
  private let pipeline: String

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    for name in ["a", "b"] {
      let labels = (0..<600).map { _ in Int32.random(in: 0..<20, using: &generator) }
      let features = (0..<1800).map { _ in Float(generator.normal()) }
      try folder.write("\(name).npy", NPY.batch(labels, features, dimension: 3))
    }
    try folder.write("w.npy", NPY.features("<f4", (0..<60).map { Float($0 % 7) }, dimension: 3))
    pipeline = folder.file("p.yaml")
    try write()
  }

  private func write(within: String = "none", minCount: Int = 1, threads: Int = 1) throws {
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          train: { uses: read, files: "\(folder.file("a.npy"))" }
          unseen: { uses: read, files: "\(folder.file("b.npy"))" }
          moments: { uses: accumulate, from: train, within: \(within), threads: \(threads) }
          decisions: { uses: decide, from: unseen, moments: moments, classifier: "\(folder.file("w.npy"))" }
          geometry: { uses: measure, moments: moments, decisions: decisions, min-count: \(minCount), classes: "\(folder.file("out/classes.csv"))" }
        """)
  }

  private func run(_ more: String...) throws -> Tool.Result {
    let result = try Tool.run(Places.tool, ["run", pipeline, "--format", "json"] + more)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  /// The stages whose artefacts were made, according to the log.
  private func made(_ result: Tool.Result) -> Set<String> {
    Set(
      ["moments", "decisions", "geometry"].filter {
        !result.errors.contains("\($0): up to date")
      })
  }

  @Test("A second run makes nothing and prints the same")
  func unchanged() throws {
    let first = try run()
    #expect(made(first) == ["moments", "decisions", "geometry"])
    let before = try folder.read("out/moments.h5")
    let second = try run()
    #expect(made(second) == [])
    #expect(second.output == first.output)
    #expect(try folder.read("out/moments.h5") == before)
    #expect(made(try run("--restart")) == ["moments", "decisions", "geometry"])
  }

  @Test("A record whose printed result is damaged is as good as none: its stage is made again")
  func damagedRecord() throws {
    let first = try run()
    let record = "out/.collapse/geometry.json.json"
    let text = String(decoding: try folder.read(record), as: UTF8.self)
    let damaged = text.replacing(#"\"tokens\": "#, with: #"\"tokens\": -Infinity"#)
    #expect(damaged != text)
    try folder.write(record, text: damaged)
    let second = try run()
    #expect(made(second) == ["geometry"])
    #expect(second.output == first.output)
  }

  @Test("Editing an option reruns that stage and those after it, and says why; threads do not count")
  func options() throws {
    _ = try run()
    try write(minCount: 2)
    let later = try run()
    #expect(made(later) == ["geometry"])
    #expect(later.errors.contains("geometry: will be made: min-count was 1, is 2"))
    try write(minCount: 2, threads: 2)
    #expect(made(try run()) == [])
    try write(within: "pooled", minCount: 2)
    let earlier = try run()
    #expect(made(earlier) == ["moments", "decisions", "geometry"])
    #expect(earlier.errors.contains("moments: will be made: within was none, is pooled"))
    #expect(earlier.errors.contains("decisions: will be made: moments: \(folder.file("out/moments.h5"))"))
  }

  @Test("Touching an input reruns nothing; changing it does")
  func inputs() throws {
    _ = try run()
    for name in ["a.npy", "b.npy", "w.npy", "out/moments.h5"] {
      try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: folder.file(name))
      #expect(made(try run()) == [], "\(name)")
    }
    var bytes = try folder.read("b.npy")
    bytes[bytes.count - 2] ^= 0x10
    try folder.write("b.npy", bytes)
    let changed = try run()
    #expect(made(changed).contains("decisions") && !made(changed).contains("moments"))
    #expect(changed.errors.contains("the samples of the stream have changed"))
  }

  @Test("A changed input is detected even if its size and modification time are unchanged")
  func setBack() throws {
    for name in ["a.npy", "w.npy"] {
      let place = folder.file(name)
      let then = try FileManager.default.attributesOfItem(atPath: place)[.modificationDate] ?? Date()
      _ = try run()
      var bytes = try folder.read(name)
      bytes[bytes.count - 2] ^= 0x10
      try folder.write(name, bytes)
      try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: place)
      #expect(made(try run()).contains("decisions"), "\(name)")
    }
  }

  @Test("A file with the same name, size and time in another folder counts as changed, unless its content is the same")
  func elsewhere() throws {
    let time = Date(timeIntervalSince1970: 1e9)
    for (step, last) in [("1", Float(1)), ("2", 1), ("3", 2)] {
      try FileManager.default.createDirectory(atPath: folder.file(step), withIntermediateDirectories: true)
      try folder.write("\(step)/h.npy", NPY.features("<f4", (0..<59).map { Float($0 % 7) } + [last], dimension: 3))
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: folder.file("\(step)/h.npy"))
    }
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))", step: 1 }
        stages:
          train: { uses: read, files: "\(folder.file("a.npy"))" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments, classifier: "\(folder.path)/${step}/h.npy" }
        """)
    _ = try run()
    #expect(!made(try run("--set", "step=2")).contains("geometry"))
    #expect(made(try run("--set", "step=3")).contains("geometry"))
  }

  @Test("The same bytes in another storage type are different samples")
  func storageType() throws {
    let labels = NPY.labels((0..<40).map { Int32($0 % 4) })
    let bits = (0..<80).map { UInt16($0 * 97 + 0x3C00) }
    try folder.write("h.npy", labels + NPY.features("<f2", bits, dimension: 2))
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          train: { uses: read, files: "\(folder.file("h.npy"))", bf16: true }
          moments: { uses: accumulate, from: train }
        """)
    _ = try run()
    try folder.write("h.npy", labels + NPY.features("<u2", bits, dimension: 2))
    let second = try run()
    #expect(made(second).contains("moments"))
    #expect(second.errors.contains("the samples of the stream have changed"))
  }

  @Test("Artefacts that are missing or were changed by hand are made again")
  func outputs() throws {
    _ = try run()
    try FileManager.default.removeItem(atPath: folder.file("out/classes.csv"))
    let missing = try run()
    #expect(made(missing) == ["geometry"])
    #expect(missing.errors.contains("out/classes.csv is missing"))
    try folder.write("out/geometry.json", text: "{}")
    #expect(made(try run()) == ["geometry"])
    #expect(try String(decoding: folder.read("out/geometry.json"), as: UTF8.self).contains("nc4"))
  }

  @Test("A dry run says for each stage whether it would run, and why")
  func dryRun() throws {
    #expect(try run("--dry-run").text.contains("it has not been made yet"))
    _ = try run()
    let fresh = try run("--dry-run").text
    #expect(fresh.components(separatedBy: "not run: up to date").count == 4)
    try write(within: "pooled")
    let stale = try run("--dry-run").text
    #expect(stale.contains("within was none, is pooled"))
    #expect(stale.contains("“moments” is made first, and may change"))
  }
}
