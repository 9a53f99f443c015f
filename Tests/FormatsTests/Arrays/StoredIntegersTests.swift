import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Stored integers")
struct StoredIntegersTests {
  private func read<Number: FixedWidthInteger & BitwiseCopyable>(_ numbers: [Number], isBigEndian: Bool) throws
    -> [Int64]
  {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.npy", NPY.integers(numbers, isBigEndian: isBigEndian))
    let integers = try TokenFile(file, width: nil, options: ReadOptions()).integers
    var all = [Int64](repeating: -7, count: numbers.count + 1)
    let counts = try all.withUnsafeMutableBufferPointer { all in
      try [integers.read(into: .init(rebasing: all[..<2])), integers.read(into: .init(rebasing: all[2...]))]
    }
    #expect(counts == [2, numbers.count - 2] && all.last == -7 && integers.done == numbers.count)
    return all.dropLast()
  }

  @Test("Every type of integer is read, in either byte order", arguments: [false, true])
  func types(isBigEndian: Bool) throws {
    #expect(try read([.min, -1, 0, .max] as [Int8], isBigEndian: isBigEndian) == [-128, -1, 0, 127])
    #expect(try read([.min, -1, 0, .max] as [Int16], isBigEndian: isBigEndian) == [-32_768, -1, 0, 32_767])
    #expect(try read([.min, -100, .max] as [Int32], isBigEndian: isBigEndian) == [-1 << 31, -100, 1 << 31 - 1])
    #expect(try read([.min, -1, .max] as [Int64], isBigEndian: isBigEndian) == [.min, -1, .max])
    #expect(try read([0, 200, .max] as [UInt8], isBigEndian: isBigEndian) == [0, 200, 255])
    #expect(try read([0, 40_000, .max] as [UInt16], isBigEndian: isBigEndian) == [0, 40_000, 65_535])
    #expect(try read([0, 1 << 31, .max] as [UInt32], isBigEndian: isBigEndian) == [0, 1 << 31, 1 << 32 - 1])
    #expect(try read([0, 1 << 63, 5] as [UInt64], isBigEndian: isBigEndian) == [0, .max, 5])
  }
}
