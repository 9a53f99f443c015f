import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Bounds of sequences")
struct SequenceBoundsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func ends(_ numbers: [Int64], _ form: SequenceBounds.Form, positions: Int?) throws -> [Int] {
    let file = try folder.write("b.npy", NPY.integers(numbers))
    let bounds = try SequenceBounds(file, form, positions: positions, options: ReadOptions())
    var ends: [Int] = []
    while let end = try bounds.next() { ends.append(end) }
    return ends
  }

  @Test("Offsets and lengths of the same sequences give the same ends, even with empty sequences")
  func same() throws {
    #expect(try ends([0, 0, 3, 4, 4, 9], .offsets, positions: 9) == [0, 3, 4, 4, 9])
    #expect(try ends([0, 3, 1, 0, 5], .lengths, positions: 9) == [0, 3, 4, 4, 9])
    #expect(try ends([], .lengths, positions: 0).isEmpty)
    #expect(try ends([0], .offsets, positions: nil).isEmpty)
    let many = (0..<20_000).map { Int64($0 % 3) }
    #expect(try ends(many, .lengths, positions: nil).last == Int(many.reduce(0, +)))
  }

  @Test("Invalid bounds are named by their number")
  func wrong() throws {
    let file = folder.file("b.npy")
    func expect(
      _ kind: StreamError.Kind, _ numbers: [Int64], _ form: SequenceBounds.Form, _ position: String?, _ word: String
    ) {
      expectError(kind, file: file, position: position, mentioning: word) {
        _ = try ends(numbers, form, positions: 9)
      }
    }
    expect(.badReference, [1, 5, 9], .offsets, "offset 0", "expected 0")
    expect(.badReference, [], .offsets, "offset 0", "found none")
    expect(.badReference, [0, 5, 4, 9], .offsets, "offset 2", "at least 5, found 4")
    expect(.badReference, [0, -1, 9], .offsets, "offset 1", "found -1")
    expect(.countMismatch, [0, 5], .offsets, nil, "found 5")
    expect(.countMismatch, [0, 5, 10], .offsets, nil, "found 10")
    expect(.badReference, [3, -1, 7], .lengths, "length 1", "found -1")
    expect(.badReference, [3, .max, 7], .lengths, "length 1", "a sum that does not overflow")
    expect(.countMismatch, [3, 5], .lengths, nil, "add up to 9 positions, found 8")
    expect(.countMismatch, [3, 7], .lengths, nil, "add up to 9 positions, found 10")
    let floats = try folder.write("f.npy", NPY.array("<f4", [1], [0, 0, 0, 0]))
    expectError(.badShape, file: floats, mentioning: "1-d integers") {
      _ = try SequenceBounds(floats, .lengths, positions: 1, options: ReadOptions())
    }
    expectError(.badReference, file: Fixtures.file("paired/all.h5"), mentioning: "several", "--sequence-offsets") {
      _ = try SequenceBounds(Fixtures.file("paired/all.h5"), .offsets, positions: 88, options: ReadOptions())
    }
    expectError(.notAFile, file: "-", mentioning: "twice") {
      _ = try SequenceBounds("-", .offsets, positions: 1, options: ReadOptions())
    }
  }
}
