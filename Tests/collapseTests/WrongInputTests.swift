import Foundation
import TestSupport
import Testing

/// Promise: bad input is a clear error: exit 65, file and position, what to do, nothing left behind.
@Suite("Wrong input")
struct WrongInputTests {
  static let labels: [Int32] = [3, 1, 3, 2]
  static let features: [Float] = (0..<8).map { Float($0) }

  static let good = NPY.batch(labels, features, dimension: 2)

  /// A title, the file's bytes, and words of the message other than the file's name.
  static let streams: [(what: String, bytes: [UInt8], says: String)] = [
    ("an empty file", [], "no bytes at all"),
    ("text", Array("hello, world".utf8), "byte 0"),
    ("a garbage header", [0x93] + Array("NUMPY".utf8) + [1, 0, 8, 0] + Array("{garbage".utf8), "byte 0"),
    ("a header of 2^60 rows", NPY.header(descr: "'<i4'", shape: [1 << 60]) + [0, 0, 0, 0], "byte 0"),
    ("objects", NPY.array("|O", [4], [1, 2, 3, 4]), "dtype object"),
    ("a structured dtype", NPY.header(descr: "[('a', '<i4'), ('b', '<f4')]", shape: [1]), "structured"),
    (
      "3-d features", NPY.labels([1, 2]) + NPY.array("<f4", [2, 2, 2], NPY.bytes(of: features)), "shape (2, 2, 2)"
    ),
    ("labels without features", NPY.labels(labels), "expected features after"),
    ("counts that differ", NPY.batch([1, 2, 3], features, dimension: 2), "expected 3 features"),
    ("another dimension midway", good + NPY.batch([1, 2], features, dimension: 4), "row 4"),
    ("a negative label", good + NPY.batch([1, -100, 2, 2], features, dimension: 2), "row 5"),
    ("a NaN", NPY.batch(labels, features.map { $0 == 5 ? .nan : $0 }, dimension: 2), "row 2"),
    ("an infinity", good + NPY.batch(labels, features.map { $0 == 5 ? -.infinity : $0 }, dimension: 2), "row 6"),
    ("features cut short", Array(good.dropLast(3)), "left in the file"),
    ("features without labels", NPY.features("<f4", features, dimension: 2), "labels: 1-d integers"),
    ("a truncated frame", [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x40], "the frame at byte 0"),
    ("a window above 2 GiB", [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3 | 1] + Array(repeating: 0, count: 20), "2.0 GiB"),
  ]

  @Test("Damaged streams", arguments: streams.indices)
  func stream(index: Int) throws {
    let (what, bytes, says) = Self.streams[index]
    let folder = try TemporaryFolder()
    let path = try folder.write("bad.npy", bytes)
    let result = try Tool.collapse("accumulate", path, "--output", folder.file("out.h5"))
    #expect(result.status == 65, "\(what)")
    #expect(result.errors.contains("bad.npy"), "\(what)")
    #expect(result.errors.contains(says), "\(what): \(result.errors)")
    #expect(result.errors.contains("→"), "\(what)")
    #expect(try folder.names == ["bad.npy"], "\(what)")
  }

  @Test("A missing file, and a directory")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("missing.npy"), folder.path] {
      let result = try Tool.collapse("accumulate", path, "--output", folder.file("out.h5"))
      #expect(result.status == 65)
      #expect(result.errors.contains(path))
    }
    #expect(try folder.names.isEmpty)
  }

  @Test("A flipped byte under a checksum", .enabled(if: Tool.exists("zstd"), "no zstd command here"))
  func flipped() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    let noise = (0..<4_000).map { _ in Float(generator.normal()) }
    let path = try folder.write("a.npy", NPY.batch(Array(repeating: 1, count: 1_000), noise, dimension: 4))
    var packed = Array(try Tool.run("zstd", ["-c", path]).output)
    packed[packed.count - 200] ^= 1
    try folder.write("flipped.npy.zst", packed)
    let result = try Tool.collapse("accumulate", folder.file("flipped.npy.zst"), "--output", folder.file("out.h5"))
    #expect(result.status == 65)
    #expect(result.errors.contains("flipped.npy.zst, the frame at byte 0"))
    #expect(try folder.names == ["a.npy", "flipped.npy.zst"])
  }

  @Test("A label beyond the vocabulary is named by its row; the largest one below it is fine")
  func vocabulary() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npy", Self.good)
    let result = try Tool.collapse("accumulate", path, "--vocabulary", "3", "--output", folder.file("out.h5"))
    #expect(result.status == 65)
    #expect(result.errors.contains("a.npy, row 0: expected a label below 3, found 3"))
    #expect(try folder.names == ["a.npy"])
    #expect(try Tool.collapse("accumulate", path, "--vocabulary", "4", "--output", folder.file("out.h5")).status == 0)
  }

  @Test("Rows with NaN are counted with --nonfinite skip")
  func skipped() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.npy", NPY.batch(Self.labels, Self.features.map { $0 == 5 ? .nan : $0 }, dimension: 2))
    let result = try Tool.collapse("accumulate", path, "--nonfinite", "skip", "--output", folder.file("out.h5"))
    #expect(result.status == 0)
    #expect(result.errors.contains("1 row"))
    let inspected = try Golden.numbers(try Tool.collapse("inspect", folder.file("out.h5")).output)
    #expect(inspected["samples"] == 3)
    #expect(inspected["skipped_nonfinite"] == 1)
  }

  @Test("Fortran order is read correctly")
  func fortran() throws {
    let folder = try TemporaryFolder()
    let columns: [Float] = [0, 2, 4, 6, 1, 3, 5, 7]
    try folder.write("c.npy", Self.good)
    try folder.write(
      "f.npy", NPY.labels(Self.labels) + NPY.array("<f4", [4, 2], NPY.bytes(of: columns), isColumnMajor: true))
    for name in ["c", "f"] {
      _ = try Tool.collapse("accumulate", folder.file("\(name).npy"), "--output", folder.file("\(name).h5"))
    }
    #expect(try folder.read("c.h5") == folder.read("f.h5"))
  }

  @Test("No class with two samples: warned of, and measured without what needs variation within classes")
  func singletons() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npy", NPY.batch([1, 2, 3, 4], Self.features, dimension: 2))
    let accumulated = try Tool.collapse("accumulate", path, "--output", folder.file("m.h5"))
    #expect(accumulated.errors.contains("no class has two samples"))
    let measured = try Tool.collapse("measure", folder.file("m.h5"), "--output", folder.file("m.json"))
    #expect(measured.status == 0)
    #expect(measured.errors.contains("every class has one sample; check that labels are token classes"))
    let text = String(decoding: try folder.read("m.json"), as: UTF8.self)
    for id in ["within_trace", "nc1_quotient", "nc1_cdnv_ratio", "between_trace_corrected", "noise_share"] {
      #expect(text.contains("\"\(id)\": null"), "\(id)")
    }
    #expect(!text.contains("\"between_trace\": null") && !text.lowercased().contains(": nan"))
  }

  @Test("States: another dimension in merge, and a truncated one")
  func states() throws {
    let folder = try TemporaryFolder()
    for (name, dimension) in [("a", 2), ("b", 4)] {
      let path = try folder.write(
        "\(name).npy", NPY.batch(Array(repeating: 1, count: 8 / dimension), Self.features, dimension: dimension))
      _ = try Tool.collapse("accumulate", path, "--output", folder.file("\(name).h5"))
    }
    let mixed = try Tool.collapse("merge", folder.file("a.h5"), folder.file("b.h5"), "--output", folder.file("m.h5"))
    #expect(mixed.status == 65)
    #expect(mixed.errors.contains("b.h5, attribute dimension: expected 2, as in"))
    try folder.write("cut.h5", Array(folder.read("a.h5").dropLast(100)))
    for verb in [
      ["measure", folder.file("cut.h5")], ["merge", folder.file("cut.h5"), "--output", folder.file("m.h5")],
    ] {
      let result = try Tool.run(Places.tool, verb)
      #expect(result.status == 65)
      #expect(result.errors.contains("cut.h5: expected a complete HDF5 file"))
    }
    #expect(try !folder.names.contains("m.h5"))
  }
}
