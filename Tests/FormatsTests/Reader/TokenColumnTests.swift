import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("Columns of token ids")
struct TokenColumnTests {
  private func read<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: [Number], role: String = "label", isBigEndian: Bool = false, firstRow: Int = 0
  ) throws -> [Int32] {
    let type = ElementType(
      kind: Number.isSigned ? .signed : .unsigned, width: MemoryLayout<Number>.size, isBigEndian: isBigEndian)
    var ids = [Int32](repeating: -7, count: numbers.count)
    try ids.withUnsafeMutableBufferPointer { ids in
      let column = TokenColumn(type: type, role: role, file: "a.npy", firstRow: firstRow) { row, raw in
        #expect(row == 0)
        raw.copyBytes(from: NPY.bytes(of: isBigEndian ? numbers.map(\.bigEndian) : numbers))
      }
      try column.read(into: ids, row: 0)
    }
    return ids
  }

  @Test("Ids are converted from integers of every type and byte order")
  func types() throws {
    for isBigEndian in [false, true] {
      #expect(try read([0, 1, 127] as [Int8], isBigEndian: isBigEndian) == [0, 1, 127])
      #expect(try read([0, 300, 65_535] as [UInt16], isBigEndian: isBigEndian) == [0, 300, 65_535])
      #expect(try read([5, 1 << 20] as [Int32], isBigEndian: isBigEndian) == [5, 1 << 20])
      #expect(try read([0, (1 << 31) - 2] as [UInt64], isBigEndian: isBigEndian) == [0, .max - 1])
    }
    #expect(try read([] as [Int32]) == [])
  }

  @Test("The first invalid id is named by its row of the file, with advice")
  func bad() {
    expectError(.badLabel, file: "a.npy", position: "row 102", mentioning: "label", "found -100", "padding") {
      _ = try read([3, 4, -100, -1] as [Int64], firstRow: 100)
    }
    expectError(.badLabel, position: "row 1", mentioning: "prediction", "found -1", "31 bits") {
      _ = try read([3, -1] as [Int16], role: "prediction")
    }
    for number in [(1 << 31) - 1, .max] as [UInt64] {
      expectError(.badLabel, position: "row 0", mentioning: "below 2147483647", "found \(number)", "31 bits") {
        _ = try read([number])
      }
    }
  }

  @Test("An error in reading the elements is passed on")
  func failure() {
    let type = ElementType(kind: .signed, width: 4)
    let column = TokenColumn(type: type, role: "label", file: "a.npy", firstRow: 0) { _, _ in throw CancellationError()
    }
    var ids = [Int32](repeating: 0, count: 2)
    #expect(throws: CancellationError.self) {
      try ids.withUnsafeMutableBufferPointer {
        try column.read(into: $0, row: 0)
      }
    }
  }
}
