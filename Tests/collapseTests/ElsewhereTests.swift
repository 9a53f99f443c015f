import Foundation
import TestSupport
import Testing

/// Promise: a file from elsewhere cannot make a verb read another file, or wait for one.
@Suite("Files that lead to other files")
struct ElsewhereTests {
  private let folder: TemporaryFolder
  private static let secret = "root:x:0:0:secret"

  /// 1, 2, 3 as little-endian float32.
  private static let weights: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("secret", text: String(repeating: Self.secret, count: 100))
    try folder.write("s.npy", NPY.batch([1, 2, 1, 2], [0.5, 1.5, 2, 4], dimension: 1))
    for arguments in [
      ["accumulate", "s.npy", "--output", "m.h5"], ["measure", "m.h5", "--classes", "c.h5", "--output", "m.json"],
    ] {
      let result = try Tool.run(Places.tool, arguments, folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// Expects bad input that names the other file and shows nothing of it, within half a minute.
  private func expectRefused(
    _ arguments: String..., mentioning word: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.names
    let result = try Tool.run(
      "timeout", ["-s", "KILL", "30", Places.tool] + arguments, folder: folder.path)
    #expect(result.status == 65, "\(arguments): \(result.status) \(result.errors)", sourceLocation: sourceLocation)
    #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: sourceLocation)
    #expect(!(result.text + result.errors).contains(Self.secret), sourceLocation: sourceLocation)
    #expect(try folder.names == before, sourceLocation: sourceLocation)
  }

  /// A class table, a matrix and labels whose elements lie in `other`.
  private func write(_ name: String, storedIn other: String) {
    let file = folder.file(name)
    try? FileManager.default.removeItem(atPath: file)
    RawHDF5.write(file, StreamSamples(rows: 4, dimension: 1, scalar: .float32), group: "classes", chunkRows: nil)
    for column in ["classes/token", "classes/count", "w"] { RawHDF5.write(file, external: column, in: other, rows: 4) }
  }

  @Test("Class tables, classifiers, streams and token ids whose elements are in another file are refused")
  func storage() throws {
    for other in [folder.file("secret"), try folder.makePipe("pipe")] {
      write("evil.h5", storedIn: other)
      try expectRefused(
        "report", "m.json", "--classes", "evil.h5", "--output", "r.html", mentioning: "elements are in \(other)")
      try expectRefused(
        "decide", "s.npy", "--moments", "m.h5", "--classifier", "evil.h5#w", "--output", "d.h5",
        mentioning: "elements are in \(other)")
      try expectRefused("measure", "m.h5", "--classifier", "evil.h5#w", mentioning: "elements are in \(other)")
      try expectRefused(
        "accumulate", "evil.h5", "--labels", "w", "--features", "classes/embeddings", "--output", "o.h5",
        mentioning: "elements are in \(other)")
      try expectRefused("count", "evil.h5#w", mentioning: "elements are in \(other)")
    }
  }

  @Test("Links into other files are refused in class tables, states, decisions and classifiers")
  func links() throws {
    for other in [folder.file("c.h5"), try folder.makePipe("pipe")] {
      let evil = folder.file("evil.h5")
      try? FileManager.default.removeItem(atPath: evil)
      RawHDF5.link(evil, "classes", to: "/classes", of: other)
      RawHDF5.link(evil, "w", to: "/classes/norm", of: other)
      let words = "a link into another file, \(other)"
      try expectRefused("report", "m.json", "--classes", "evil.h5", "--output", "r.html", mentioning: words)
      try expectRefused("measure", "m.h5", "--classifier", "evil.h5#w", mentioning: words)
      try expectRefused(
        "accumulate", "evil.h5", "--labels", "w", "--features", "w", "--output", "o.h5", mentioning: words)
      try expectRefused("count", "evil.h5#w", mentioning: words)
      for arguments in [["measure", "evil.h5"], ["merge", "evil.h5", "m.h5", "--output", "o.h5"]] {
        let result = try Tool.run("timeout", ["-s", "KILL", "30", Places.tool] + arguments, folder: folder.path)
        #expect(result.status == 65, "\(result.errors)")
      }
      let inspected = try Tool.run(
        "timeout", ["-s", "KILL", "30", Places.tool, "inspect", "evil.h5"], folder: folder.path)
      #expect((inspected.text + inspected.errors).contains(words), "\(inspected.text) \(inspected.errors)")
    }
  }

  @Test("An index names shards beside it alone, by files; a link from there leads on, as in caches of models")
  func shards() throws {
    let head = Safetensors.file([("lm_head.weight", "F32", [3, 1], Self.weights)])
    func index(_ shard: String) throws {
      try folder.write(
        "model.safetensors.index.json",
        text: "{\"metadata\": {}, \"weight_map\": {\"lm_head.weight\": \"\(shard)\"}}")
    }
    try FileManager.default.createDirectory(atPath: folder.file("blobs"), withIntermediateDirectories: false)
    try folder.write("blobs/head", head)
    symlink("blobs/head", folder.file("model-00001-of-00001.safetensors"))
    try index("model-00001-of-00001.safetensors")
    let measured = try Tool.run(
      Places.tool, ["measure", "m.h5", "--classifier", "model.safetensors.index.json"], folder: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
    _ = try folder.makePipe("pipe")
    for (shard, word) in [
      ("../blobs/head", "same folder"), (folder.file("blobs/head"), "same folder"), ("blobs/head", "same folder"),
      ("pipe", "pipe"), ("..", ".."), ("secret", "secret"),
      (#"model-00001-of-00001.safetensors\u0000x"#, "same folder"),
    ] {
      try index(shard)
      try expectRefused("measure", "m.h5", "--classifier", "model.safetensors.index.json", mentioning: word)
    }
  }

  @Test("A pipe called config.json beside a model is not waited for")
  func configuration() throws {
    try folder.write("model.safetensors", Safetensors.file([("wte.weight", "F32", [3, 1], Self.weights)]))
    _ = try folder.makePipe("config.json")
    let measured = try Tool.run(
      "timeout", ["-s", "KILL", "30", Places.tool, "measure", "m.h5", "--classifier", "model.safetensors"],
      folder: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
  }
}
