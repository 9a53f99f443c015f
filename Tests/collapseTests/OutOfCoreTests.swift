import Foundation
import TestSupport
import Testing

/// Promise: memory is bounded by --memory, and means beyond it change nothing but the time.
@Suite("Out of core", .serialized)
struct OutOfCoreTests {
  private static let dimension = 4096

  /// A stream of 900 classes, most of them with two distant rows: 7 MB, whose means take 29 MB.
  private func stream(_ folder: TemporaryFolder) throws -> String {
    var generator = SeededGenerator(1)
    let labels = (0..<1_500).map { Int32($0 % 900) }
    let tile = NPY.bytes(of: (0..<10_007).map { _ in Float16.random(in: -4...4, using: &generator) })
    let count = 1_500 * Self.dimension * 2
    var features: [UInt8] = []
    while features.count < count { features += tile }
    features.removeLast(features.count - count)
    return try folder.write(
      "a.npy", NPY.labels(labels) + NPY.array("<f2", [1_500, Self.dimension], features))
  }

  /// The part of --memory for blocks and buffers at this dimension, and room for 400 means.
  private let tight = "381MiB"

  @Test(
    "Means beyond --memory are set aside: the same bytes, within the bound, and nothing left in scratch",
    arguments: [("trace", 381, 416), ("diagonal", 402, 416)])
  func sameBytes(moments: String, bound mebibytes: Int, fitting: Int) throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder)
    try FileManager.default.createDirectory(atPath: folder.file("scratch"), withIntermediateDirectories: false)
    let free = try Tool.collapse("accumulate", file, "--moments", moments, "--output", folder.file("free.h5"))
    let bound = try Tool.collapse(
      "accumulate", file, "--moments", moments, "--memory", "\(mebibytes)MiB", "--scratch", folder.file("scratch"),
      "--output", folder.file("tight.h5"))
    #expect(free.status == 0 && bound.status == 0, "\(bound.errors)")
    #expect(bound.errors.contains("\(fitting) means fit"), "\(bound.errors)")
    #expect(bound.errors.contains("rarer classes go to \(folder.file("scratch"))"), "\(bound.errors)")
    #expect(try folder.read("tight.h5") == folder.read("free.h5"))
    #expect(bound.peakKiB < mebibytes << 10)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("scratch")).isEmpty)
  }

  @Test("States are merged within --memory too")
  func merging() throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder)
    _ = try Tool.collapse("accumulate", file, "--output", folder.file("a.h5"))
    let free = try Tool.collapse("merge", folder.file("a.h5"), folder.file("a.h5"), "--output", folder.file("free.h5"))
    let bound = try Tool.collapse(
      "merge", folder.file("a.h5"), folder.file("a.h5"), "--memory", "106MiB", "--output", folder.file("tight.h5"))
    #expect(free.status == 0 && bound.status == 0, "\(bound.errors)")
    #expect(try folder.read("tight.h5") == folder.read("free.h5"))
  }

  @Test("A run that cannot fit is refused before reading, with the memory that would suffice")
  func refused() throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder)
    for (options, expected) in [
      (["--memory", "100MiB"], "expected at least 376.0 MiB of memory, for dimension 4096, found 100.0 MiB"),
      (["--memory", "512MiB", "--within", "pooled"], "leave out --within pooled"),
      (["--memory", tight, "--scratch", folder.file("none")], "make the folder first, or give --scratch another"),
    ] {
      let result = try Tool.run(
        Places.tool, ["accumulate", file, "--output", folder.file("m.h5")] + options)
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains(expected), "\(result.errors)")
      #expect(try folder.names == ["a.npy"])
    }
  }

  @Test("A vocabulary without enough scratch space is refused, unless the files have fewer rows")
  func vocabulary() throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder)
    let options = ["--memory", tight, "--vocabulary", "2000000000", "--output", folder.file("m.h5")]
    let piped = try Tool.run(Places.tool, ["accumulate", "-"] + options, input: folder.read("a.npy"))
    #expect(piped.status == 1 && piped.errors.contains("of scratch space for 2000000000 means"), "\(piped.errors)")
    #expect(try folder.names == ["a.npy"])
    let plain = try Tool.run(Places.tool, ["accumulate", file] + options)
    #expect(plain.status == 0 && !plain.errors.contains("warning"), "\(plain.errors)")
  }

  @Test("A vocabulary that fits is not set aside, and the plan says so")
  func fits() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.collapse(
      "accumulate", stream(folder), "--memory", "1GiB", "--vocabulary", "900", "--output", folder.file("m.h5"))
    #expect(result.status == 0)
    #expect(result.errors.contains("all of them"), "\(result.errors)")
  }
}
