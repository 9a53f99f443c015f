import Foundation
import TestSupport
import Testing

/// Promise: the same samples and options give the same bytes, for any container, framing and number of threads.
@Suite("Bit-identical")
struct BitIdenticalTests {
  private let files = ["train-00.npy.zst", "train-01.npy.zst"].map { Places.sample + "/" + $0 }

  private func state(_ folder: TemporaryFolder, _ arguments: String..., input: [UInt8]? = nil) throws -> [UInt8] {
    let output = folder.file("state-\(UUID().uuidString).h5")
    let result = try Tool.run(
      Places.tool, ["accumulate"] + arguments + ["--within", "pooled", "--moments", "diagonal", "--output", output],
      input: input)
    #expect(result.status == 0, "\(result.errors)")
    return Array(try Data(contentsOf: URL(fileURLWithPath: output)))
  }

  @Test("Files, their concatenation on standard input, and a second run")
  func standardInput() throws {
    let folder = try TemporaryFolder()
    let whole = try state(folder, files[0], files[1])
    let bytes = try files.flatMap { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
    #expect(try state(folder, "-", input: bytes) == whole)
    #expect(try state(folder, Places.sample + "/train-*.npy.zst") == whole)
  }

  @Test("Uncompressed, and recompressed in other frames", .enabled(if: Tool.exists("zstd"), "no zstd command here"))
  func reframed() throws {
    let folder = try TemporaryFolder()
    let whole = try state(folder, files[0], files[1])
    let plain = try Tool.run("zstd", ["-dc"] + files).output
    try folder.write("plain.npy", Array(plain))
    #expect(try state(folder, folder.file("plain.npy")) == whole)
    for flags in [["-19"], ["-1", "-B65536", "-T2"], ["--long=27", "--no-check"]] {
      let packed = try Tool.run("zstd", flags + ["-c", folder.file("plain.npy")]).output
      try folder.write("packed.npy.zst", Array(packed))
      #expect(try state(folder, folder.file("packed.npy.zst")) == whole)
    }
  }

  @Test("Any number of threads", arguments: ["1", "2", "3", "8"])
  func threads(count: String) throws {
    let folder = try TemporaryFolder()
    #expect(try state(folder, files[0], "--threads", count) == state(folder, files[0]))
  }

  @Test("Merging twice, and measuring with any number of threads")
  func mergeAndMeasure() throws {
    let folder = try TemporaryFolder()
    for (index, file) in files.enumerated() { try folder.write("\(index).h5", Array(state(folder, file))) }
    for name in ["a.h5", "b.h5"] {
      _ = try Tool.collapse("merge", folder.file("0.h5"), folder.file("1.h5"), "--output", folder.file(name))
    }
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
    let one = try Tool.collapse("measure", folder.file("a.h5"), "--threads", "1").output
    #expect(try Tool.collapse("measure", folder.file("b.h5"), "--threads", "3").output == one)
  }
}
