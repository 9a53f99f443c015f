import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Ends of sequences")
struct SequenceEndsTests {
  private func ends(_ count: Int, length: Int?, lengths: [Int32]?) throws -> (leading: Int, ends: [Int]) {
    let folder = try TemporaryFolder()
    let bounds = try lengths.map {
      try SequenceBounds(folder.write("l.npy", NPY.labels($0)), .lengths, positions: count, options: ReadOptions())
    }
    var ends = try SequenceEnds(length: length, bounds: bounds)
    return (ends.leading, try (0..<count).map { _ in try ends.next() })
  }

  @Test("Sequences of equal length end after their last positions")
  func length() throws {
    let (leading, ends) = try ends(7, length: 3, lengths: nil)
    #expect(leading == 0 && ends == [0, 0, 1, 0, 0, 1, 0])
  }

  @Test("Empty sequences end where the one before ends, or before the first position")
  func bounds() throws {
    let (leading, ends) = try ends(5, length: nil, lengths: [0, 0, 2, 0, 0, 1, 2, 0])
    #expect(leading == 2 && ends == [0, 3, 1, 0, 2])
  }

  @Test("If both rows and bounds are given, sequences end at all of them")
  func both() throws {
    #expect(try ends(6, length: 3, lengths: [2, 1, 3]).ends == [0, 1, 1, 0, 0, 1])
  }
}
