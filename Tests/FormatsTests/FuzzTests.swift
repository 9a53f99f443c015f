import TestSupport
import Testing

@testable import Formats
@testable import Storage

/// Seeded damage to small valid files: reading them succeeds or throws ``StreamError``, and never crashes or hangs.
@Suite("Damaged files", .timeLimit(.minutes(5)))
struct FuzzTests {
  /// Changes, inserts, removes or repeats a few bytes, or changes a digit of a header.
  private func damage(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: bytes.indices, using: &random)
      let end = min(place + Int.random(in: 1...40, using: &random), bytes.count)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
      case 3: bytes.removeSubrange(place..<end)
      case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 5: bytes.removeSubrange(place...)
      default:
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        guard let digit = digits.randomElement(using: &random) else { continue }
        bytes[digit] = UInt8.random(in: 0x30...0x39, using: &random)
        if Bool.random(using: &random) {
          // The length stays: a space of the header's padding makes room.
          let zeros = Int.random(in: 1...18, using: &random)
          bytes.insert(contentsOf: Array(repeating: 0x30, count: zeros), at: digit + 1)
          if let newline = bytes[digit...].firstIndex(of: 0x0A), newline > digit + 2 * zeros {
            bytes.removeSubrange(newline - zeros..<newline)
          }
        }
      }
    }
    return bytes
  }

  /// How many of `times` damaged files were still readable.
  private func survivors(
    _ times: Int, seed: Int, of bytes: [UInt8], packed pack: ([UInt8]) -> [UInt8] = { $0 },
    _ read: (String) throws -> Void
  ) throws -> Int {
    let folder = try TemporaryFolder()
    var random = SeededGenerator(seed)
    var survivors = 0
    for time in 0..<times {
      let damaged = damage(bytes, &random)
      let file = try folder.write("damaged", pack(damaged))
      do {
        try read(file)
        survivors += 1
      } catch is StreamError {
      } catch {
        Issue.record("\(error) from damage \(time) of seed \(seed)")
      }
    }
    return survivors
  }

  private func readStream(_ file: String) throws {
    _ = try readAll(file, options: ReadOptions(nonfinite: .skip, uint16IsBFloat16: true))
    _ = try StreamOverview(file)
  }

  private var stream: [UInt8] {
    StreamSamples(rows: 3, dimension: 2, scalar: .float32, predictions: true).stream(batches: [1])
      + NPY.integers([1, 2] as [UInt8])
      + NPY.array("<f8", [2, 2], NPY.bytes(of: [1.0, 2, 3, 4]), isColumnMajor: true)
  }

  @Test("A damaged plain stream is read or refused", arguments: 1...4)
  func plain(seed: Int) throws {
    let survivors = try survivors(500, seed: seed, of: stream, readStream)
    #expect(survivors > 0 && survivors < 500)
  }

  @Test("A stream damaged before it was compressed is read or refused", arguments: 11...14)
  func content(seed: Int) throws {
    let survivors = try survivors(500, seed: seed, of: stream, packed: { Zstd.frame($0) }, readStream)
    #expect(survivors > 0 && survivors < 500)
  }

  @Test("A damaged compressed stream is read or refused", arguments: 21...24)
  func compressed(seed: Int) throws {
    let frames = Zstd.skippable([1]) + Zstd.frames(stream, of: 200, checksum: seed % 2 == 0)
    _ = try survivors(500, seed: seed, of: frames, readStream)
  }

  @Test("A damaged safetensors file is read or refused", arguments: 31...32)
  func safetensors(seed: Int) throws {
    let bytes = Safetensors.file([
      ("lm_head.weight", "F32", [3, 2], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])),
      ("b", "BF16", [4], NPY.bytes(of: [1, 2, 3, 4] as [UInt16])),
    ])
    _ = try survivors(500, seed: seed, of: bytes) { file in
      let matrix = try MatrixFile(TensorReference(file))
      _ = try matrix.rows(of: Array(Set([0, Int32(clamping: matrix.rows - 1)])).sorted())
    }
  }

  @Test("A damaged NPY matrix is read or refused, plain and compressed", arguments: 41...42)
  func matrix(seed: Int) throws {
    let bytes = NPY.array("<f4", [3, 2], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float]))
    for pack in [{ $0 }, { Zstd.frame($0) }] as [([UInt8]) -> [UInt8]] {
      _ = try survivors(250, seed: seed, of: bytes, packed: pack) { file in
        let matrix = try MatrixFile(TensorReference(file))
        _ = try matrix.rows(of: Array(Set([0, Int32(clamping: matrix.rows - 1)])).sorted())
      }
    }
  }

  @Test("Damaged features, tokens or bounds by position are read or refused", arguments: 51...54)
  func positions(seed: Int) throws {
    let folder = try TemporaryFolder()
    let contents = [
      NPY.array("<f4", [2, 3, 1], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])),
      NPY.array("<i4", [2, 3], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Int32])), NPY.integers([2, 0, 1, 3] as [UInt8]),
    ]
    let files = try contents.enumerated().map { try folder.write("\($0).npy", $1) }
    for pack in [{ $0 }, { Zstd.frame($0) }] as [([UInt8]) -> [UInt8]] {
      for damaged in files.indices {
        _ = try survivors(150, seed: seed, of: contents[damaged], packed: pack) { file in
          var names = files
          names[damaged] = file
          let alignment = TokenAlignment(
            tokens: [names[1]], width: .uint16, bounds: .lengths([names[2]]), ignored: [-100])
          _ = try readAll(
            names[0], options: ReadOptions(nonfinite: .skip, uint16IsBFloat16: true, alignment: alignment))
        }
      }
    }
  }
}
