import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Overview of positions")
struct PositionOverviewTests {
  @Test("Token ids are counted, and invalid ones separately")
  func tokens() throws {
    let folder = try TemporaryFolder()
    let ids: [Int64] = [7, -100, 7, 1 << 40, 0, -1]
    let found = try PositionOverview(
      tokens: folder.write("a.npy", NPY.array("<i8", [2, 3], NPY.bytes(of: ids))), width: nil)
    #expect(found.isTokens && found.type == "int64" && found.shape == [2, 3] && found.container == "NPY")
    #expect(found.positions == 6 && found.negative == 2 && found.classes == 3 && found.tokenRange == 0...1 << 40)
    let raw = try PositionOverview(tokens: folder.write("a.bin", [5, 0, 255, 255, 5, 0]), width: .uint16)
    #expect(raw.positions == 3 && raw.classes == 2 && raw.tokenRange == 5...65_535 && raw.shape == nil)
    #expect(raw.container == "little-endian uint16" && raw.negative == 0)
  }

  @Test("Arrays larger than one read are counted completely")
  func many() throws {
    let folder = try TemporaryFolder()
    let count = NextTokenLabels.stretch + 5
    let ids = (0..<count).map { UInt16(truncatingIfNeeded: $0 % 1_000) }
    let found = try PositionOverview(tokens: folder.write("a.zst", Zstd.frame(NPY.bytes(of: ids))), width: .uint16)
    #expect(found.positions == count && found.classes == 1_000 && found.tokenRange == 0...999)
  }

  @Test("Padding alone has no range, and a truncated file has no census")
  func none() throws {
    let folder = try TemporaryFolder()
    let padded = try PositionOverview(tokens: folder.write("a.npy", NPY.labels([-100, -100])), width: nil)
    #expect(padded.tokenRange == nil && padded.classes == 0 && padded.negative == 2)
    let cut = try folder.write("b.npy", NPY.labels([1, 2, 3]).dropLast(3))
    expectError(.truncated, file: cut) { _ = try PositionOverview(tokens: cut, width: nil) }
  }

  @Test("Features are recognized by their header: positions with one index or two")
  func features() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](repeating: 0, count: 2 * 3 * 4 * 2)
    let flat = try PositionOverview(features: folder.write("a.npy", NPY.array("<f2", [6, 4], bytes)))
    #expect(!flat.isTokens && flat.type == "float16" && flat.shape == [6, 4] && flat.positions == 6)
    let nested = try PositionOverview(features: folder.write("b.npy", NPY.array("<f2", [2, 3, 4], bytes)))
    #expect(nested.positions == 6 && nested.shape == [2, 3, 4] && nested.classes == 0 && nested.tokenRange == nil)
    for (name, array) in [("c.npy", NPY.labels([1, 2])), ("d.npy", NPY.array("<i4", [2, 3], bytes.dropLast(24)))] {
      let path = try folder.write(name, array)
      #expect(throws: StreamError.self) { _ = try PositionOverview(features: path) }
    }
  }
}
