import TestSupport
import Testing

@testable import HDF5

@Suite("HDF5 file")
struct HDF5FileTests {
  /// A file of two groups and three datasets, with attributes.
  static func write(_ path: String) throws {
    let file = try HDF5File(writing: path, for: path)
    try file.makeGroup("/classes")
    try file.makeGroup("/within")
    try file.makeDataset("/classes/token", .int32, shape: [4]).writeAll([3, 1, 4, 1] as [Int32], .int32)
    try file.makeDataset("/classes/mean", .float64, shape: [4, 2])
      .writeAll([0.5, -1, .pi, .infinity, 5, 6, 7, 8], .float64)
    try file.makeDataset("/within/count", .int64, shape: [2]).writeAll([Int64.min, .max], .int64)
    try file.setAttribute("format", .text("moments é"))
    try file.setAttribute("version", .int(-3))
  }

  @Test("Data is read back as it was written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.write(path)
    let file = try HDF5File(reading: path)
    #expect(try file.dataset("/classes/token").readAll(.int32, of: Int32.self) == [3, 1, 4, 1])
    #expect(
      try file.dataset("/classes/mean").readAll(.float64, of: Double.self) == [0.5, -1, .pi, .infinity, 5, 6, 7, 8])
    #expect(try file.dataset("/within/count").readAll(.int64, of: Int64.self) == [.min, .max])
    #expect(file.attribute("format") == .text("moments é") && file.attribute("version") == .int(-3))
  }

  @Test("The same content gives the same bytes, at another time and under another name")
  func sameBytes() async throws {
    let folder = try TemporaryFolder()
    try Self.write(folder.file("a.h5"))
    // The library stores times in whole seconds.
    try await Task.sleep(for: .milliseconds(1_100))
    try Self.write(folder.file("another-name.h5"))
    #expect(try folder.read("a.h5") == folder.read("another-name.h5"))
  }

  @Test("Datasets are listed by path, in order, and found by path")
  func paths() throws {
    let folder = try TemporaryFolder()
    try Self.write(folder.file("a.h5"))
    let file = try HDF5File(reading: folder.file("a.h5"))
    #expect(try file.datasetPaths() == ["/classes/mean", "/classes/token", "/within/count"])
    for path in ["/classes/mean", "classes/mean", "/classes", "within/count"] { #expect(try file.contains(path)) }
    for path in ["/missing", "/classes/missing", "/missing/mean", "/classes/token/x"] {
      #expect(try !file.contains(path))
    }
  }

  @Test("Groups linked into cycles are entered once each", .timeLimit(.minutes(5)))
  func cycles() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.write(path)
    for group in ["classes", "within"] {
      RawHDF5.link(path, (0..<8).map { "/\(group)/up\($0)" }, to: "/")
      RawHDF5.link(path, (0..<8).map { "/\(group)/zz\($0)" }, to: "/within")
    }
    let paths = try HDF5File(reading: path).datasetPaths()
    #expect(paths == ["/classes/mean", "/classes/token", "/classes/zz0/count"])
  }

  @Test("All datasets are listed; more than a reader takes are an error", .timeLimit(.minutes(5)))
  func many() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let file = try HDF5File(writing: path, for: path)
      try file.makeDataset("/a", .int32, shape: [1]).writeAll([1] as [Int32], .int32)
      for group in 0..<101 { try file.makeGroup("/g\(group)") }
    }
    RawHDF5.link(path, (0..<101).flatMap { group in (0..<100).map { "/g\(group)/\($0)" } }, to: "/a")
    let file = try HDF5File(reading: path)
    #expect(try file.datasetPaths().count == 10_101)
    expectError(.corrupt, file: path, mentioning: "at most 10000 datasets", "more") {
      _ = try file.listing(most: 10_000)
    }
  }

  @Test("A missing dataset is named, and a group is not a dataset")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.write(path)
    let file = try HDF5File(reading: path)
    expectError(.corrupt, file: path, position: "/classes/m2", mentioning: "none") {
      _ = try file.dataset("/classes/m2")
    }
    expectError(.corrupt, file: path, position: "/other/m2") { _ = try file.dataset("/other/m2") }
    expectError(.corrupt, file: path, position: "/classes") { _ = try file.dataset("/classes") }
  }

  @Test("A truncated file is an error, never a crash, at every hundredth byte and around its ends")
  func cut() throws {
    let folder = try TemporaryFolder()
    try Self.write(folder.file("a.h5"))
    let whole = try folder.read("a.h5")
    for cut in Array(stride(from: 0, to: whole.count, by: 100)) + [1, 7, 8, 9, 95, 96, 97, whole.count - 1] {
      let path = try folder.write("cut.h5", Array(whole[..<cut]))
      expectError(cut < 8 ? .unknownFormat : .corrupt, file: path) {
        let file = try HDF5File(reading: path)
        for name in ["/classes/token", "/classes/mean"] {
          _ = try file.dataset(name).readAll(.float64, of: Double.self)
        }
      }
    }
  }

  @Test("A file that is not HDF5 is refused by its first bytes")
  func otherKinds() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("a.h5", Array("no HDF5 at all".utf8))
    expectError(.unknownFormat, file: text, position: "byte 0", mentioning: "6E 6F 20 48") {
      _ = try HDF5File(reading: text)
    }
    expectError(.unknownFormat, mentioning: "an empty file") { _ = try HDF5File(reading: folder.write("b.h5", [])) }
    expectError(.missing) { _ = try HDF5File(reading: folder.file("missing.h5")) }
    expectError(.notAFile) { _ = try HDF5File(reading: folder.path) }
    let magic = try folder.write(
      "c.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 0xFF, count: 999))
    expectError(.corrupt, file: magic) { _ = try HDF5File(reading: magic) }
  }

  @Test("A user block of any size and content may come before the superblock", arguments: [512, 1_024, 65_536])
  func userBlock(size: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.create(path, userBlock: size)
    RawHDF5.write(path, dataset: "x", [1, 2, 3], shape: [3])
    var bytes = try folder.read("a.h5")
    bytes.replaceSubrange(0..<20, with: Array("MATLAB 7.3 MAT-file,".utf8))
    let file = try HDF5File(reading: folder.write("b.mat", bytes))
    let dataset = try file.dataset("x")
    #expect(try file.datasetPaths() == ["/x"])
    #expect(try dataset.readAll(.float64, of: Double.self) == [1, 2, 3])
    guard case .contiguous(let offset) = try dataset.storage(fileSize: bytes.count) else {
      Issue.record("it is in one piece")
      return
    }
    let numbers: [Double] = [1, 2, 3]
    #expect(Array(bytes[offset..<offset + 24]) == numbers.withUnsafeBytes { Array($0) })
    // Elsewhere, the signature means nothing.
    expectError(.unknownFormat, mentioning: "00 00") {
      _ = try HDF5File(reading: folder.write("c.h5", [UInt8](repeating: 0, count: 700) + bytes[size...]))
    }
  }

  @Test("What a killed SWMR writer flushed is read; after another writer, the mark is named")
  func killed() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 40, dimension: 3, scalar: .float32)
    for isSWMR in [true, false] {
      let path = folder.file("\(isSWMR).h5")
      RawHDF5.kill(path, samples, isSWMR: isSWMR) {
        #expect(throws: Never.self) { _ = try folder.write("killed.h5", folder.read("\(isSWMR).h5")) }
      }
      let killed = folder.file("killed.h5")
      if isSWMR {
        let file = try HDF5File(reading: killed)
        #expect(try file.isBeingWritten && file.dataset("labels").readAll(.int32, of: Int32.self) == samples.labels)
      } else {
        expectError(.unreadable, file: killed, mentioning: "open for writing", "h5clear -s \(killed)") {
          _ = try HDF5File(reading: killed)
        }
      }
      #expect(try !HDF5File(reading: path).isBeingWritten)
    }
  }

  @Test("A pipe is refused, because the library has to seek", .timeLimit(.minutes(5)))
  func pipe() throws {
    let folder = try TemporaryFolder()
    try Self.write(folder.file("a.h5"))
    let pipe = try folder.pipe("b.h5", of: folder.read("a.h5"))
    expectError(.unknownFormat, file: pipe, mentioning: "a pipe") { _ = try HDF5File(reading: pipe) }
  }

  @Test("An output that cannot be written is named as the user named it")
  func cannotWrite() throws {
    let folder = try TemporaryFolder()
    expectError(.cannotWrite, file: "out.h5") {
      _ = try HDF5File(writing: folder.file("missing/a.h5"), for: "out.h5")
    }
    let file = try HDF5File(writing: folder.file("a.h5"), for: "out.h5")
    try file.makeGroup("/a")
    expectError(.cannotWrite, file: "out.h5") { try file.makeGroup("/a") }
    expectError(.cannotWrite, file: "out.h5") { _ = try file.makeDataset("/b/c", .int32, shape: [1]) }
  }

  @Test("A refused write is one line that ends with the system's message")
  func writeFailure() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x/", count: 400)
    let missing = expectError(.cannotWrite, file: "out.h5") {
      _ = try HDF5File(writing: folder.file(long + "a.h5"), for: "out.h5")
    }
    #expect(missing?.found == "No such file or directory")
    let file = try HDF5File(writing: folder.file("a.h5"), for: "out.h5")
    try file.makeGroup("/a")
    let twice = expectError(.cannotWrite, file: "out.h5") { try file.makeGroup("/a") }
    #expect(twice?.found == "a failure of the HDF5 library")
    try file.flush()
  }

  @Test("Several threads read files at once, although the library cannot")
  func threads() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.write(path)
    try await withThrowingTaskGroup(of: [Int32].self) { group in
      for _ in 0..<20 {
        group.addTask { try HDF5File(reading: path).dataset("/classes/token").readAll(.int32, of: Int32.self) }
      }
      for try await tokens in group { #expect(tokens == [3, 1, 4, 1]) }
    }
  }
}
