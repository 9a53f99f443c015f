import TestSupport
import Testing

@testable import Storage

@Suite("Spill buffer")
struct SpillBufferTests {
  private let content = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }

  private func read(_ spill: SpillBuffer, _ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBytes { try spill.read(at: range.lowerBound, into: $0) }
    return bytes
  }

  private func source(_ folder: TemporaryFolder) throws -> FileBytes { try FileBytes(name: folder.write("a", content)) }

  @Test(
    "What was appended is read back, in memory and beyond its limit",
    arguments: [0, 1, 1_000, 10_000, 10_001, 49_999, 50_000, 1 << 20])
  func exactBytes(limit: Int) throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let spill = SpillBuffer(limit: limit)
    for count in [1, 9_999, 1, 0, 39_999] { #expect(try spill.append(count, from: source) == count) }
    #expect(spill.count == content.count)
    #expect(try read(spill, 0..<content.count) == content)
    for range in [0..<1, 9_999..<10_002, 49_999..<50_000, 50_000..<50_000, 123..<40_321] {
      #expect(try read(spill, range) == Array(content[range]))
    }
  }

  @Test("Asking for more than the source holds gives all it holds", arguments: [100, 1 << 20])
  func shortSource(limit: Int) throws {
    let folder = try TemporaryFolder()
    let spill = SpillBuffer(limit: limit)
    #expect(try spill.append(1 << 60, from: source(folder)) == content.count)
    #expect(try read(spill, 0..<content.count) == content)
  }

  @Test("A spool that was emptied starts again, even with a file", arguments: [100, 1 << 20])
  func removeAll(limit: Int) throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let spill = SpillBuffer(limit: limit)
    _ = try spill.append(20_000, from: source)
    try spill.removeAll()
    #expect(spill.count == 0)
    _ = try spill.append(50, from: source)
    #expect(try read(spill, 0..<50) == Array(content[20_000..<20_050]))
    try spill.removeAll()
    try spill.removeAll()
    _ = try spill.append(10_000, from: source)
    #expect(try read(spill, 0..<10_000) == Array(content[20_050..<30_050]))
  }

  @Test("A matrix written by column is read by row", arguments: [64, 1 << 20])
  func columnMajor(limit: Int) throws {
    let folder = try TemporaryFolder()
    let (rows, columns) = (500, 20)
    let matrix = (0..<rows * columns).map { UInt8(truncatingIfNeeded: $0 % 251) }
    let transposed = (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
    let spill = SpillBuffer(limit: limit)
    _ = try spill.append(.max, from: FileBytes(name: folder.write("m", transposed)))
    for row in [0, 1, 250, 499] {
      let found = try (0..<columns).flatMap { try read(spill, $0 * rows + row..<$0 * rows + row + 1) }
      #expect(found == Array(matrix[row * columns..<(row + 1) * columns]))
    }
  }
}
