import Foundation
import TestSupport
import Testing

@testable import Formats

/// Cases that can be checked in one's head; TokenPairsTests has arbitrary layouts.
@Suite("Which next token labels which position")
struct TokenAlignmentTests {
  /// Positions and their labels.
  private func pairs(
    _ tokens: [Int32], length: Int? = nil, endOfText: Int32? = nil, ignored: Set<Int64> = [], every: Int = 1
  ) throws -> [[Int]] {
    let folder = try TemporaryFolder()
    let alignment = TokenAlignment(
      tokens: [try folder.write("t.npy", NPY.labels(tokens))], endOfText: endOfText, ignored: ignored, every: every)
    let file = try TokenFile(alignment.tokens[0], width: nil, options: ReadOptions())
    var pairs = try NextTokenLabels(file.integers, length: length, bounds: nil, alignment)
    var found: [[Int]] = []
    while let stretch = try pairs.next() {
      found += zip(stretch.runs.flatMap(\.positions), stretch.labels).map { [$0, Int($1)] }
    }
    return found
  }

  @Test("The last position of each sequence has no next token, and a sequence of one has none at all")
  func sequences() throws {
    #expect(try pairs([5, 6, 7, 8], length: 4) == [[0, 6], [1, 7], [2, 8]])
    #expect(try pairs([5, 6, 7, 8], length: 2) == [[0, 6], [2, 8]])
    #expect(try pairs([5, 6, 7, 8], length: 3) == [[0, 6], [1, 7]])
    #expect(try pairs([5, 6, 7, 8], length: 1).isEmpty)
    #expect(try pairs([], length: 1).isEmpty)
  }

  @Test("An end of text is a label, but nothing is predicted from it")
  func endOfText() throws {
    #expect(try pairs([5, 6, 0, 7, 8, 0], endOfText: 0) == [[0, 6], [1, 0], [3, 8], [4, 0]])
    #expect(try pairs([0, 5, 0, 0, 6], endOfText: 0) == [[1, 0]])
    #expect(try pairs([5, 0, 6, 7], length: 2, endOfText: 0) == [[0, 0], [2, 7]])
  }

  @Test("Padding is neither label nor position: on the right it costs the last position before it, on the left none")
  func padding() throws {
    #expect(try pairs([5, 6, 7, -100, -100], length: 5, ignored: [-100]) == [[0, 6], [1, 7]])
    #expect(try pairs([-100, -100, 5, 6, 7], length: 5, ignored: [-100]) == [[2, 6], [3, 7]])
    // The end of text used as padding: its first one is a label, unless it is ignored.
    #expect(try pairs([5, 6, 0, 0, 0], length: 5, endOfText: 0) == [[0, 6], [1, 0]])
    #expect(try pairs([0, 0, 5, 6, 7], length: 5, endOfText: 0) == [[2, 6], [3, 7]])
    #expect(try pairs([5, 6, 0, 0, 0], length: 5, endOfText: 0, ignored: [0]) == [[0, 6]])
  }

  @Test("Every second sequence is taken, beginning with the first; an end of text begins another")
  func every() throws {
    #expect(try pairs([1, 2, 3, 4, 5, 6, 7], length: 2, every: 2) == [[0, 2], [4, 6]])
    #expect(try pairs([1, 0, 2, 0, 3, 4], endOfText: 0, every: 2) == [[0, 0], [4, 4]])
  }

  @Test("Files that belong to an input, without the names of arrays in them")
  func files() {
    let alignment = TokenAlignment(tokens: ["a.h5#t", "b.npy"], bounds: .lengths(["c.h5#n", "d.npy"]))
    #expect(alignment.files == ["a.h5", "b.npy", "c.h5", "d.npy"])
    #expect(alignment.files(ofInput: 1) == ["b.npy", "d.npy"])
    #expect(alignment.files(ofInput: 2).isEmpty)
    #expect(TokenAlignment(tokens: ["a.bin"], bounds: .lengths(["n.npy"])).files(ofInput: 1) == ["a.bin", "n.npy"])
  }
}
