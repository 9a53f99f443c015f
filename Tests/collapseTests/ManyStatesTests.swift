import Foundation
import TestSupport
import Testing

/// Promise: any number of states merge in bounded memory with few open files, and only their order decides the bytes.
@Suite("Many states", .serialized)
struct ManyStatesTests {
  /// 150 states with long names, copies of those of a few streams: none equals its neighbours.
  private func states(_ folder: TemporaryFolder, within: String) throws -> [String] {
    var generator = SeededGenerator(7)
    let dimension = 6
    let kinds = try (0..<7).map { kind in
      let labels = (0..<40).map { _ in Int32.random(in: 0..<150, using: &generator) }
      let features = (0..<labels.count * dimension).map { _ in Float(generator.normal()) }
      let stream = try folder.write("\(kind).npy", NPY.batch(labels, features, dimension: dimension))
      let state = folder.file("kind-\(kind)")
      let made = try Tool.collapse("accumulate", stream, "--within", within, "--vocabulary", "150", "--output", state)
      #expect(made.status == 0, "\(made.errors)")
      return state
    }
    return try (0..<150).map { index in
      let name = folder.file("shard-\(String(repeating: "of-a-long-name-", count: 14))\(10_000 + index).h5")
      try FileManager.default.copyItem(atPath: kinds[index % 7], toPath: name)
      return name
    }
  }

  /// Runs `collapse` with a limit on open files.
  private func bounded(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run("sh", ["-c", "ulimit -n 64; exec \"$0\" \"$@\"", Places.tool] + arguments)
  }

  @Test(
    "A hundred and fifty states, 64 open files and 90 MiB: the same bytes for any threads, and for groups merged separately"
  )
  func states() throws {
    let folder = try TemporaryFolder()
    for within in ["none", "pooled"] {
      let names = try states(folder, within: within)
      let glob = folder.file("shard-*.h5")
      for (name, threads) in [("one", "1"), ("four", "4")] {
        let merged = try bounded(
          ["merge", glob, "--memory", "90MiB", "--threads", threads, "--output", folder.file("\(name).h5")])
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(merged.peakKiB < 90 << 10)
      }
      #expect(try folder.read("one.h5") == folder.read("four.h5"))
      let groups = try stride(from: 0, to: names.count, by: 64).map { first in
        let group = folder.file("group-\(first).h5")
        let part = names[first..<min(first + 64, names.count)]
        let made = try bounded(["merge"] + part + ["--output", group])
        #expect(made.status == 0, "\(made.errors)")
        return group
      }
      #expect(try bounded(["merge"] + groups + ["--output", folder.file("tree.h5")]).status == 0)
      #expect(try folder.read("tree.h5") == folder.read("one.h5"))
      let facts = try Golden.numbers(Tool.collapse("inspect", folder.file("one.h5")).output)
      #expect(facts["samples"] == 6_000 && facts["parts"] == 150)
      for name in names { try FileManager.default.removeItem(atPath: name) }
      for kind in 0..<7 { try FileManager.default.removeItem(atPath: folder.file("kind-\(kind)")) }
    }
  }

  @Test("One damaged state of hundreds is named, and nothing is written")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let names = try states(folder, within: "none")
    var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: names[107])))
    // In the middle of the means, which fill most of the end of the file.
    bytes[bytes.count - 1_000] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: names[107]))
    let merged = try bounded(["merge", folder.file("shard-*.h5"), "--output", folder.file("m.h5")])
    #expect(merged.status == 65)
    #expect(merged.errors.contains("\(names[107])"), "\(merged.errors)")
    #expect(try !folder.names.contains { $0.contains("m.h5") })
  }

  @Test("Hundreds of files of decisions add up, in any groups")
  func decisions() throws {
    let folder = try TemporaryFolder()
    let (stream, moments) = (try folder.write("stream", SmallModel.stream()), folder.file("moments"))
    _ = try Tool.collapse("accumulate", stream, "--output", moments)
    let decided = try Tool.collapse(
      "decide", stream, "--moments", moments, "--classifier",
      folder.write("model.safetensors", SmallModel.model) + "#lm_head.weight", "--output", folder.file("decided"))
    #expect(decided.status == 0, "\(decided.errors)")
    let names = try (0..<300).map { index in
      let name = folder.file("shard-\(10_000 + index).h5")
      try FileManager.default.copyItem(atPath: folder.file("decided"), toPath: name)
      return name
    }
    let whole = try bounded(["merge", folder.file("shard-*.h5"), "--output", folder.file("whole.h5")])
    #expect(whole.status == 0, "\(whole.errors)")
    let halves = try [names[..<256], names[256...]].enumerated().map { index, part in
      let half = folder.file("half-\(index).h5")
      let made = try bounded(["merge"] + part + ["--output", half])
      #expect(made.status == 0, "\(made.errors)")
      return half
    }
    let tree = try bounded(["merge"] + halves + ["--output", folder.file("tree.h5")])
    #expect(tree.status == 0, "\(tree.errors)")
    #expect(try folder.read("tree.h5") == folder.read("whole.h5"))
    let (one, all) = (
      try Golden.numbers(Tool.collapse("inspect", folder.file("decided")).output),
      try Golden.numbers(Tool.collapse("inspect", folder.file("whole.h5")).output)
    )
    #expect(all["samples"] == one["samples"].map { 300 * $0 })
  }
}
