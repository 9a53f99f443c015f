import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: a checkpoint with the right checksum is checked as any input is. With impossible numbers, a run refuses or
/// skips it; it never crashes, hangs, or ends with other bytes.
@Suite("Forged checkpoints")
struct ForgedCheckpointsTests {
  private let folder: TemporaryFolder
  private let arguments = [
    "accumulate", "a.npy", "b.npy", "--within", "pooled", "--output", "m.h5", "--checkpoint", "0.1s",
  ]

  init() throws {
    folder = try TemporaryFolder()
    for part in 0..<2 {
      var generator = SeededGenerator(part)
      var stream: [UInt8] = []
      for _ in 0..<6 {
        let labels = (0..<65_536).map { _ in Int32.random(in: 0..<50, using: &generator) }
        stream += NPY.batch(
          labels, labels.flatMap { [Float($0 % 17), Float.random(in: -1...1, using: &generator)] }, dimension: 2)
      }
      try folder.write("\("ab".map(String.init)[part]).npy", stream)
    }
  }

  private func run() throws -> Tool.Result {
    try Tool.run("timeout", ["-s", "KILL", "60", Places.tool] + arguments, folder: folder.path)
  }

  /// The bytes of a run that was not interrupted, and a checkpoint of one that was.
  private func interrupted() throws -> (whole: [UInt8], checkpoint: RewrittenCheckpoint) {
    #expect(try run().status == 0)
    let whole = try folder.read("m.h5")
    let name = ".m.h5.checkpoint"
    for _ in 0..<20 where try !folder.names.contains(name) {
      unlink(folder.file("m.h5"))
      let process = try Tool.spawn(
        "env", ["-C", folder.path, Places.tool] + arguments, input: "/dev/null", output: folder.file("out"),
        errors: folder.file("err"))
      while !FileManager.default.fileExists(atPath: folder.file(name)), kill(process, 0) == 0,
        waitpid(process, nil, WNOHANG) == 0
      {
        usleep(500)
      }
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    return (whole, try RewrittenCheckpoint(folder.file(name)))
  }

  private static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  @Test("Impossible numbers in every section")
  func numbers() throws {
    let (whole, checkpoint) = try interrupted()
    var forged: [(String, RewrittenCheckpoint)] = []
    func forge(_ name: String, _ change: (inout RewrittenCheckpoint) -> Void) {
      var copy = checkpoint
      change(&copy)
      forged.append((name, copy))
    }
    let header = String(decoding: checkpoint["header"], as: UTF8.self)
    for (key, number) in [
      ("rows", "-1"), ("rows", "\(1 << 60)"), ("done", "9007199254740992"), ("done", "-1"),
      ("frame", "9007199254740992"),
      ("firstRow", "9007199254740992"), ("input", "9007199254740992"), ("input", "-1"), ("offset", "\(Int.min)"),
      ("closedBytes", "\(Int.max)"), ("dimension", "1"), ("dimension", "0"), ("release", "-1"),
    ] {
      let changed = header.replacing(try Regex("\"\(key)\":[0-9]+"), with: "\"\(key)\":\(number)")
      #expect(changed != header, "\(key)")
      forge("\(key) \(number)") { $0["header"] = Array(changed.utf8) }
    }
    // The unfinished checksums of the samples.
    let ones = header.replacingOccurrences(
      of: "(?<=[\\[,])[0-9]{1,3}(?=[,\\]])", with: "255", options: .regularExpression)
    forge("digest") { $0["header"] = Array(ones.utf8) }
    for section in checkpoint.sections where section.name != "header" {
      forge("\(section.name) of ones") { $0[section.name] = section.bytes.map { _ in 0xFF } }
      // Zeros are moments too.
      if ["token", "count", "moments"].contains(section.name) {
        forge("\(section.name) of zeros") { $0[section.name] = section.bytes.map { _ in 0 } }
      }
      forge("\(section.name) cut") { $0[section.name] = Array(section.bytes.dropLast(1)) }
      forge("\(section.name) empty") { $0[section.name] = [] }
    }
    forge("tokens") { $0["token"] = Self.bytes((0..<50).map { -1 - Int32($0) }) }
    forge("counts") { $0["count"] = Self.bytes((0..<50).map { _ in Int.max }) }
    for (name, checkpoint) in forged {
      unlink(folder.file("m.h5"))
      try checkpoint.write(folder.file(".m.h5.checkpoint"))
      unlink(folder.file(".m.h5.checkpoint.previous"))
      let result = try run()
      #expect([0, 1, 65].contains(result.status), "\(name): \(result.status) \(result.errors)")
      if result.status == 0 { #expect(try folder.read("m.h5") == whole, "\(name)") }
    }
  }
}
