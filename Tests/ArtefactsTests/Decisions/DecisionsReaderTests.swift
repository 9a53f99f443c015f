import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import HDF5
@testable import Storage

@Suite("Reading decisions")
struct DecisionsReaderTests {
  /// A file written by hand: two classes of 4 and 2 samples, three pairs of choices for five of these, another pair
  /// for one.
  private struct Handmade {
    var columns: [(name: String, numbers: [Int])] = [
      ("/classes/token", [3, 7]), ("/classes/samples", [4, 2]), ("/classes/hits", [3, 0]),
      ("/classes/model_correct", [2, 1]), ("/classes/ncc_correct", [4, 0]), ("/classes/both_correct", [2, 0]),
      ("/confusion/model", [3, 3, 7]), ("/confusion/ncc", [3, 4, 3]), ("/confusion/count", [2, 2, 1]),
    ]
    var samples = 6
    var otherPairs = 1

    /// Replaces the column of that name.
    func with(_ name: String, _ numbers: [Int]) -> Handmade {
      var copy = self
      for index in columns.indices where columns[index].name == name { copy.columns[index].numbers = numbers }
      return copy
    }

    @discardableResult
    func write(to path: String) throws -> String {
      let file = try HDF5File(writing: path, for: path)
      let sum = Checksum()
      let attributes: [(String, HDF5Attribute)] = [
        ("samples", .int(samples)), ("other_pairs", .int(otherPairs)), ("dimension", .int(2)), ("K", .int(9)),
        ("vocabulary", .int(10)), ("skipped_nonfinite", .int(5)), ("features", .text("float16")), ("parts", .int(1)),
        ("samples_digest", .text("aa")), ("moments_checksum", .text("bb")), ("classifier_checksum", .text("cc")),
      ]
      for (name, value) in attributes {
        try file.setAttribute(name, value)
        switch value {
        case .int(let number): sum.update("\(name)=\(number)\n")
        case .text(let text): sum.update("\(name)=\(text)\n")
        }
      }
      for group in ["/classes", "/confusion"] { try file.makeGroup(group) }
      for (name, numbers) in columns {
        if ["token", "model", "ncc"].contains(where: { name.hasSuffix("/" + $0) }) {
          sum.update(numbers.map { Int32($0) })
          try file.makeDataset(name, .int32, shape: [numbers.count]).writeAll(numbers.map { Int32($0) }, .int32)
        } else {
          sum.update(numbers)
          try file.makeDataset(name, .int64, shape: [numbers.count]).writeAll(numbers, .int64)
        }
      }
      let own: [(String, HDF5Attribute)] = [
        ("format", .text("collapse-decisions")), ("format_version", .int(1)), ("tool", .text("a hand")),
        ("made_by", .text("decide")), ("checksum", .text(sum.value)),
      ]
      for (name, value) in own { try file.setAttribute(name, value) }
      return path
    }
  }

  @Test("A file written by hand reads back count by count, with all its attributes")
  func byHand() throws {
    let folder = try TemporaryFolder()
    let read = try DecisionsReader(Handmade().write(to: folder.file("a.h5")))
    #expect(read.tool == "a hand")
    #expect(
      read.provenance
        == DecisionsProvenance(
          Provenance(
            madeBy: "decide", vocabulary: 10, skipped: 5, features: ["float16"], parts: 1, samplesDigest: "aa"),
          dimension: 2, classes: 9, momentsChecksum: "bb", classifierChecksum: "cc"))
    let three = try #require(read.decisions.classes[3])
    #expect(three.samples == 4 && three.hits == 3 && three.modelCorrect == 2)
    #expect(three.nearestCorrect == 4 && three.bothCorrect == 2)
    #expect(read.decisions.classes.count == 2 && read.decisions.otherPairs == 1)
    #expect(
      read.decisions.confusion == [
        Decisions.Pair(model: 3, nearest: 3): 2, Decisions.Pair(model: 3, nearest: 4): 2,
        Decisions.Pair(model: 7, nearest: 3): 1,
      ])
  }

  @Test(
    "Columns with impossible values are refused by name, even if the checksum matches",
    arguments: [
      ("/classes/token", [7, 3]), ("/classes/token", [3, 3]), ("/classes/token", [-1, 7]),
      ("/classes/samples", [4, 3]), ("/classes/samples", [4, 1]), ("/classes/samples", [6, 0]),
      ("/classes/samples", [7, -1]), ("/classes/samples", [6]), ("/classes/hits", [5, 0]), ("/classes/hits", [3, -1]),
      ("/classes/ncc_correct", [4, 3]), ("/classes/both_correct", [2, 0, 0]), ("/confusion/ncc", [4, 3, 3]),
      ("/confusion/ncc", [3, 3, 3]), ("/confusion/ncc", [3, 4]), ("/confusion/count", [2, 2, 0]),
      ("/confusion/count", [2, 2, 2]), ("/confusion/count", [6, 0, -1]), ("/confusion/count", [4, 1]),
    ])
  func refused(name: String, numbers: [Int]) throws {
    let folder = try TemporaryFolder()
    let path = try Handmade().with(name, numbers).write(to: folder.file("a.h5"))
    let isOrder =
      name == "/confusion/ncc" && numbers.count == 3 || name == "/confusion/count" && numbers.contains { $0 < 1 }
    expectBadState(mentioning: ["\(path), \(isOrder ? "/confusion" : name):"]) { _ = try DecisionsReader(path) }
  }

  @Test("Pairs in other_pairs are at most the samples, and make up for the missing pairs")
  func others() throws {
    let folder = try TemporaryFolder()
    for (otherPairs, word) in [(7, "attribute other_pairs"), (-1, "attribute other_pairs"), (0, "/confusion/count")] {
      var made = Handmade()
      made.otherPairs = otherPairs
      let path = try made.write(to: folder.file("a.h5"))
      expectBadState(mentioning: [path, word]) { _ = try DecisionsReader(path) }
    }
    var all = Handmade()
    for name in ["model", "ncc", "count"] { all = all.with("/confusion/" + name, []) }
    all.otherPairs = 6
    let read = try DecisionsReader(all.write(to: folder.file("a.h5")))
    #expect(read.decisions.otherPairs == 6 && read.decisions.confusion.isEmpty)
  }
}
