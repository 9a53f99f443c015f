import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A written stream equals the one that was read.
@Suite("Writing streams")
struct WriteTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Some blocks, with predictions in the middle, float32 except for the last batch.
  private func makeStream(allPredicted: Bool = false) throws -> String {
    var generator = SeededGenerator(4)
    var bytes: [UInt8] = []
    for part in 0..<8 {
      let labels = (0..<10_000).map { _ in Int32.random(in: 0..<100, using: &generator) }
      let features = labels.flatMap { label in (0..<3).map { _ in Float(label % 9) + Float(generator.normal()) } }
      bytes += NPY.labels(labels)
      if allPredicted || (2..<5).contains(part) { bytes += NPY.labels(labels.map { ($0 + 1) % 100 }) }
      bytes +=
        part < 7
        ? NPY.features("<f4", features, dimension: 3)
        : NPY.features("<f2", features.map { Float16($0) }, dimension: 3)
    }
    return try folder.write("a.npy", bytes)
  }

  private func state(of file: String, input: [UInt8]? = nil) throws -> [UInt8] {
    let output = folder.file("state.h5")
    let result = try Tool.collapse("accumulate", file, "--within", "pooled", "--output", output, input: input)
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("state.h5")
  }

  private func decisions(of file: String) throws -> [UInt8] {
    let output = folder.file("decisions.h5")
    let result = try Tool.collapse("decide", file, "--moments", folder.file("state.h5"), "--output", output)
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("decisions.h5")
  }

  @Test("The requested rows of several files are written")
  func rows() throws {
    let labels = (0..<30).map { Int32($0) }
    let files = try [0..<12, 12..<30].map { rows in
      let (some, features) = (Array(labels[rows]), rows.map { Float($0) })
      return try folder.write("rows-\(rows.lowerBound).npy", NPY.batch(some, features, dimension: 1))
    }
    let whole = try Tool.run(Places.tool, ["write"] + files + ["--rows", "7-19", "--batch", "100"])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(
      whole.output == NPY.paddingLabels(of: NPY.batch(Array(labels[7...19]), (7...19).map { Float($0) }, dimension: 1)))
    let beyond = try Tool.run(Places.tool, ["write"] + files + ["--rows", "7-30"])
    #expect(beyond.status == 65 && beyond.errors.contains("found 30 rows"), "\(beyond.errors)")
  }

  @Test("Results from it have the same bytes: plain, compressed, through a pipe, in batches of any size")
  func roundTrip() throws {
    let stream = try makeStream()
    let expected = try state(of: stream)
    for (name, options) in [
      ("b.npy", []), ("c.npy.zst", ["--level", "1", "--batch", "999"]), ("d.npy.zst", ["--batch", "50000"]),
    ] {
      let result = try Tool.run(Places.tool, ["write", stream, "--output", folder.file(name)] + options)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.isEmpty)
      #expect(try state(of: folder.file(name)) == expected, "\(name)")
    }
    for options in [[], ["--level", "3", "--output", "-"]] {
      let result = try Tool.run(Places.tool, ["write", stream] + options)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try state(of: "-", input: result.output) == expected)
    }
  }

  @Test("Predictions are kept")
  func predictions() throws {
    let stream = try makeStream(allPredicted: true)
    _ = try state(of: stream)
    let expected = try decisions(of: stream)
    #expect(try Tool.collapse("write", stream, "--output", folder.file("b.npy.zst")).status == 0)
    #expect(try decisions(of: folder.file("b.npy.zst")) == expected)
  }

  @Test("Any number of threads gives the same bytes", arguments: ["1", "3"])
  func threads(count: String) throws {
    let stream = try makeStream()
    for (name, threads) in [("b.npy.zst", "2"), ("c.npy.zst", count)] {
      let result = try Tool.collapse(
        "write", stream, "--batch", "777", "--threads", threads, "--output", folder.file(name))
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.read("b.npy.zst") == folder.read("c.npy.zst"))
  }

  @Test(
    "Another type agrees with rounding by hand, and is logged; values that it cannot hold are refused, and nothing is left"
  )
  func narrowed() throws {
    let rows: [[Float]] = [[1, 2.0002], [3.14159, -5], [0.1, 7]]
    let file = try folder.write("a.npy", NPY.labels([1, 2, 1]) + NPY.floats(rows))
    let result = try Tool.collapse("write", file, "--type", "float16", "--output", folder.file("b.npy"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("float32 features are rounded to float16"))
    #expect(
      try folder.read("b.npy")
        == NPY.paddingLabels(of: NPY.labels([1, 2, 1]))
        + NPY.features("<f2", rows.joined().map { Float16($0) }, dimension: 2))
    let large = try folder.write("large.npy", NPY.labels([1, 2]) + NPY.floats([[1, 2], [3, 1e6]]))
    let refused = try Tool.collapse("write", large, "--type", "float16", "--output", folder.file("c.npy"))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("large.npy, row 1: expected features that float16 can hold"), "\(refused.errors)")
    #expect(try folder.names == ["a.npy", "b.npy", "large.npy"])
  }

  @Test("In a pipeline, filtered samples are written and give the same stream when they are read again")
  func pipeline() throws {
    let stream = try makeStream()
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.path)" }
        stages:
          train: { uses: read, files: "\(stream)" }
          some: { uses: filter, from: train, drop: 20-99 }
          m: { uses: accumulate, from: some, within: pooled }
          kept: { uses: write, from: some, type: bfloat16 }
          same: { uses: write, from: some, output: "\(folder.file("same.npy"))" }
        """)
    let result = try Tool.collapse("run", file)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try state(of: folder.file("same.npy")) == folder.read("m.h5"))
    let inspected = try Tool.collapse("inspect", folder.file("kept.npy.zst"))
    #expect(inspected.text.contains("bfloat16"), "\(inspected.text)")
    let again = try Tool.collapse("run", file)
    #expect(again.errors.contains("kept: up to date"), "\(again.errors)")
  }

  @Test(
    "A missing output, two writers of standard output, and an absurd level are refused before anything runs")
  func checks() throws {
    let stream = try folder.write("a.npy", NPY.labels([1]) + NPY.floats([[1]]))
    func problems(_ stages: String) throws -> String {
      let file = try folder.write(
        "p.yaml", text: "stages:\n  train: { uses: read, files: \"\(stream)\" }\n\(stages)\n")
      let result = try Tool.collapse("validate", file)
      #expect(result.status == 65)
      return result.errors
    }
    #expect(
      try problems("  w: { uses: write, from: train }").contains("p.yaml:3:14: expected an output file for write"))
    #expect(
      try problems("  w: { uses: write, from: train, output: w.npy, level: 3 }").contains(
        "expected a compressed file with level, found w.npy"))
    #expect(
      try problems("  w: { uses: write, from: train, output: w.npy.zst, level: 23 }").contains(
        "from 1 to 22 for level, found “23”"))
    #expect(
      try problems("  w: { uses: write, from: train, output: '-' }\n  v: { uses: write, from: train, output: '-' }")
        .contains("“v” would print to standard output, where “w” writes its stream"))
  }

  @Test("An interrupted run leaves no file, and one whose reader is gone fails")
  func interrupted() throws {
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    let process = try Tool.spawn(
      Places.tool, ["write", pipe, "--output", folder.file("b.npy.zst")], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    // Signals are handled by then.
    while !FileManager.default.fileExists(atPath: folder.file(".b.npy.zst.lock")) { usleep(10_000) }
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect((status >> 8) & 0xFF == 75)
    #expect(try folder.names == ["err", "out", "pipe"])
    let stream = try makeStream()
    let result = try Tool.run(
      "bash", ["-c", "set -o pipefail; \(Places.tool) write \(stream) | head -c 10 > /dev/null"])
    #expect(result.status == 1)
    #expect(result.errors.contains("standard output"), "\(result.errors)")
  }
}
