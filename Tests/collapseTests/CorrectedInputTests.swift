import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: a run that fails on its input leaves nothing, and loses nothing that an earlier run kept.
@Suite("Corrected inputs")
struct CorrectedInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let (batches, rows) = (12, 32_768)
  private static let features = (0..<2 * rows).map { Float(($0 &* 7) % 61) - 30 }

  private static func batch(_ count: Int = rows, _ change: Float? = nil) -> [UInt8] {
    var features = Array(features.prefix(2 * count))
    if let change { features[77] = change }
    return NPY.batch((0..<count).map { Int32($0 % 97) }, features, dimension: 2)
  }

  private static let (plain, bad, other, shorter) = (batch(), batch(rows, .nan), batch(rows, 0.5), batch(rows - 1))

  /// Writes a stream of which one row of a batch may be bad, changed, or left out.
  private func write(nan: Int? = nil, changed: Int? = nil, without: Int? = nil) throws {
    let stream = (0..<Self.batches).reduce(into: [UInt8]()) { stream, batch in
      switch batch {
      case nan: stream += Self.bad
      case changed: stream += Self.other
      case without: stream += Self.shorter
      default: stream += Self.plain
      }
    }
    try folder.write("a.npy", stream)
  }

  private func accumulate(_ output: String = "m.h5", _ options: String...) throws -> Tool.Result {
    try Tool.run(
      Places.tool,
      ["accumulate", folder.file("a.npy"), "--output", folder.file(output), "--checkpoint", "0.1s"] + options)
  }

  /// Leaves the checkpoint of a run that was interrupted about in the middle.
  private func interrupt() throws {
    let process = try Tool.spawn(
      Places.tool,
      [
        "accumulate", folder.file("a.npy"), "--output", folder.file("m.h5"), "--checkpoint", "0.1s", "--io-rate",
        "1536KiB",
      ], input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    let start = ContinuousClock.now
    while try !folder.names.contains(".m.h5.checkpoint"), .now - start < .seconds(60) { usleep(1_000) }
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    try #require((status >> 8) & 0xFF == 75)
    for name in ["out", "err"] { try FileManager.default.removeItem(atPath: folder.file(name)) }
    #expect(try left == [".m.h5.checkpoint", "a.npy"])
  }

  /// All files; there may be a checkpoint before the last, too.
  private var left: [String] { get throws { try folder.names.filter { !$0.hasSuffix(".checkpoint.previous") } } }

  /// The state of the stream as it is now, made in one go.
  private func whole() throws -> [UInt8] {
    let result = try accumulate("whole.h5")
    #expect(result.status == 0, "\(result.errors)")
    defer { try? FileManager.default.removeItem(atPath: folder.file("whole.h5")) }
    return try folder.read("whole.h5")
  }

  @Test("A run that fails on its input leaves no partial file, and no checkpoint unless it found one")
  func fails() throws {
    try write(nan: Self.batches - 1)
    for options in [[], ["--measure-every", "1e5"]] {
      let result = try Tool.run(
        Places.tool,
        [
          "accumulate", folder.file("a.npy"), "--output", folder.file("m.h5"), "--checkpoint", "0.1s", "--io-rate",
          "3MiB",
        ]
          + options)
      #expect(result.status == 65 && result.errors.contains("a NaN or an infinity"), "\(result.errors)")
      #expect(!result.errors.contains("a checkpoint is kept"))
      #expect(try folder.names.filter { $0.hasPrefix(".") }.isEmpty)
    }
  }

  @Test(
    "A checkpoint of an earlier run survives a NaN, and the corrected input resumes from it",
    arguments: ["mended", "left out", "skipped"])
  func goesOn(correction: String) throws {
    try write()
    try interrupt()
    try write(nan: Self.batches - 1)
    let bad = try accumulate()
    #expect(bad.status == 65, "\(bad.errors)")
    #expect(bad.errors.contains("a checkpoint is kept"))
    #expect(try left == [".m.h5.checkpoint", "a.npy"])
    switch correction {
    case "mended": try write()
    case "left out": try write(without: Self.batches - 1)
    default: break
    }
    let options = correction == "skipped" ? ["--nonfinite", "skip"] : []
    let run = { (output: String) in
      try Tool.run(
        Places.tool, ["accumulate", self.folder.file("a.npy"), "--output", self.folder.file(output)] + options)
    }
    let result = try run("m.h5")
    #expect(result.status == 0 && result.errors.contains("resuming from a checkpoint"), "\(result.errors)")
    #expect(!result.errors.contains("starting over"))
    #expect(try run("whole.h5").status == 0)
    #expect(try folder.read("m.h5") == folder.read("whole.h5"))
    #expect(try folder.names == ["a.npy", "m.h5", "whole.h5"])
  }

  @Test(
    "If the rows before the checkpoint changed, the run says so and starts over", arguments: ["changed", "shorter"])
  func startsOver(how: String) throws {
    try write()
    try interrupt()
    if how == "changed" {
      try write(changed: 0)
    } else {
      try folder.write("a.npy", NPY.batch([1, 1], [1, 2], dimension: 1))
    }
    let result = try accumulate()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("starting over, not from the checkpoint"), "\(result.errors)")
    #expect(!result.errors.contains("failed after"))
    #expect(try folder.read("m.h5") == whole())
    #expect(try folder.names == ["a.npy", "m.h5"])
  }

  @Test("A pipe with other samples cannot be read again, so it is refused and the checkpoint stays")
  func pipe() throws {
    try write()
    let stream = try folder.read("a.npy")
    let arguments = ["accumulate", "-", "--output", folder.file("m.h5"), "--checkpoint", "0.1s"]
    let cut = try Tool.run(Places.tool, arguments, input: Array(stream.dropLast(1_000)))
    #expect(cut.status == 65)
    let interrupted = try Tool.run(
      "bash",
      [
        "-c",
        """
        mkfifo p; exec 3<>p; { cat a.npy >&3; } & \(Places.tool) accumulate - --output m.h5 --checkpoint 0.1s --io-rate 2MiB \
          < p & tool=$!
        while ! [ -e .m.h5.checkpoint ]; do sleep 0.01; done; kill -TERM $tool; wait $tool; echo $?; kill %1; rm p
        """,
      ], folder: folder.path)
    #expect(interrupted.text == "75\n", "\(interrupted.errors)")
    try write(changed: 0)
    let other = try Tool.run(Places.tool, arguments, input: folder.read("a.npy"))
    #expect(other.status == 65 && other.errors.contains("give the same stream again"), "\(other.errors)")
    #expect(try left == [".m.h5.checkpoint", "a.npy"])
    let same = try Tool.run(Places.tool, arguments, input: stream)
    #expect(same.status == 0, "\(same.errors)")
  }
}
