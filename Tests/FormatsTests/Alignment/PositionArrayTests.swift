import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Samples
@testable import Storage

@Suite("Arrays by position")
struct PositionArrayTests {
  private func open(_ path: String, named name: String? = nil, as role: PositionArray.Role = .tokens) throws
    -> PositionArray
  {
    try PositionArray(path, named: name, as: role)
  }

  private func all(_ source: any ByteSource) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1_000)
    let got = try bytes.withUnsafeMutableBytes { try source.fill($0) }
    return Array(bytes[..<got])
  }

  /// Numbers of shape [4, 3] that equal their positions, in each container.
  private func files(_ folder: TemporaryFolder) throws -> [(file: String, container: String)] {
    let numbers = (0..<12).map { Int32($0) }
    let bytes = NPY.bytes(of: numbers)
    let array = NPY.array("<i4", [4, 3], bytes)
    let path = folder.file("a.h5")
    try HDF5File(writing: path, for: path).makeDataset("/tokens", .int32, shape: [4, 3]).writeAll(numbers, .int32)
    return [
      (try folder.write("a.npy", array), "NPY"),
      (try folder.write("a.zst", Zstd.frames(array, of: 50)), "NPY in Zstandard"),
      (try folder.write("a.safetensors", Safetensors.file([("tokens", "I32", [4, 3], bytes)])), "safetensors"),
      (path, "HDF5"),
    ]
  }

  @Test("Positions have one index or two, and bytes can be read from any of them", arguments: 0..<12)
  func positions(first: Int) throws {
    let folder = try TemporaryFolder()
    for (file, container) in try files(folder) {
      let opened = try open(file)
      #expect(opened.container == container && opened.file == file)
      let (flat, nested) = (try opened.positions(1), try opened.positions(2))
      #expect(flat.count == 4 && flat.sequenceLength == nil)
      #expect(nested.count == 12 && nested.sequenceLength == 3)
      let found = try all(opened.bytes(from: first, indices: 2, positionBytes: 4))
      #expect(found == NPY.bytes(of: (Int32(first)..<12).map { $0 }), "\(container)")
      if first < 4 {
        let rows = try all(open(file).bytes(from: first, indices: 1, positionBytes: 12))
        #expect(rows == NPY.bytes(of: (Int32(3 * first)..<12).map { $0 }), "\(container)")
      }
    }
  }

  @Test("An array that ends before a position is reported as truncated")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let array = NPY.array("<i4", [4, 3], NPY.bytes(of: (0..<8).map { Int32($0) }))
    for bytes in [array, Zstd.frame(array)] {
      let path = try folder.write("a", bytes)
      expectError(.truncated, file: path, mentioning: "(4, 3)") {
        _ = try open(path).bytes(from: 11, indices: 2, positionBytes: 4)
      }
    }
  }

  @Test("Extents whose bytes overflow are refused")
  func huge() throws {
    let folder = try TemporaryFolder()
    func claim(_ shape: [Int]) throws -> PositionArray {
      try open(folder.write("a", Zstd.frame(NPY.header(descr: "'<i4'", shape: shape))))
    }
    #expect(try claim([1 << 30, 1 << 29]).positions(2).count == 1 << 59)
    expectError(.badShape, mentioning: "can be addressed") { _ = try claim([1 << 31, 1 << 29]).positions(2) }
  }

  @Test("In files with named arrays, the fitting one is found, and a named one must fit")
  func roles() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    func write() throws {
      let file = try HDF5File(writing: path, for: path)
      try file.makeDataset("/input_ids", .int32, shape: [4]).writeAll([1, 2, 3, 4] as [Int32], .int32)
      try file.makeDataset("/starts", .int64, shape: [2]).writeAll([0, 4], .int64)
      try file.makeDataset("/flat", .float64, shape: [4]).writeAll([1, 2, 3, 4] as [Double], .float64)
      let features = try file.makeDataset("/features", .float64, shape: [4, 2])
      try features.writeAll([Double](repeating: 1, count: 8), .float64)
    }
    try write()
    #expect(try open(path).array.path == "/input_ids")
    #expect(try open(path, named: "starts", as: .bounds("offsets")).array.path == "/starts")
    let features = try open(path, as: .features(uint16IsBFloat16: false))
    #expect(features.array.path == "/features" && features.others != nil)
    for (name, role, advice) in [
      ("features", PositionArray.Role.tokens, "--tokens"), ("flat", .features(uint16IsBFloat16: false), "--features"),
      ("features", .bounds("lengths"), "--sequence-lengths"),
    ] {
      expectError(.badShape, file: path, mentioning: advice, name) { _ = try open(path, named: name, as: role) }
    }
  }

  @Test("Each role accepts arrays with its types and indices")
  func fits() {
    func candidate(_ type: String, _ indices: Int) -> ArrayMatching.Candidate {
      ArrayMatching.Candidate(path: "x", shape: [Int](repeating: 2, count: indices), type: ElementType(numpy: type))
    }
    for indices in 0...4 {
      #expect(PositionArray.Role.tokens.fits(candidate("<u2", indices)) == (1...2).contains(indices))
      #expect(PositionArray.Role.bounds("offsets").fits(candidate("<i8", indices)) == (indices == 1))
      let (plain, bits) = (
        PositionArray.Role.features(uint16IsBFloat16: false), PositionArray.Role.features(uint16IsBFloat16: true)
      )
      #expect(plain.fits(candidate("<f2", indices)) == (2...3).contains(indices))
      #expect(!plain.fits(candidate("<u2", indices)))
      #expect(bits.fits(candidate("<u2", indices)) == (2...3).contains(indices))
      #expect(!bits.fits(candidate("<i2", indices)) && !PositionArray.Role.tokens.fits(candidate("<f4", indices)))
    }
  }
}
