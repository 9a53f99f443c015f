import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage
@testable import Support

@Suite("Which arrays belong together")
struct ArrayMatchingTests {
  private static let integers = ElementType(kind: .signed, width: 4)
  private static let floats = ElementType(kind: .float, width: 2)

  private func pairs(_ arrays: [(String, ElementType?, [Int])], _ names: ArrayNames = ArrayNames()) throws -> [[String]]
  {
    let candidates = arrays.map { ArrayMatching.Candidate(path: $0.0, shape: $0.2, type: $0.1) }
    return try ArrayMatching(file: "f", names: names, uint16IsBFloat16: false, candidates).pairs().map { pair in
      [pair.labels, pair.features, pair.predictions].compactMap { $0.map { candidates[$0].path } }
    }
  }

  @Test("A standard name takes precedence over being the only one")
  func usual() throws {
    let other = ("/x", Self.integers as ElementType?, [5])
    #expect(
      try pairs([("/labels", Self.integers, [5]), other, ("/embeddings", Self.floats, [5, 2])]) == [
        ["/labels", "/embeddings"]
      ])
    #expect(
      try pairs([("/labels", Self.integers, [5]), ("/features", Self.floats, [5, 2]), ("/w", Self.floats, [5, 2])])
        == [["/labels", "/features"]])
    let labels = ("/targets", Self.integers as ElementType?, [5])
    #expect(try pairs([labels, ("/h", Self.floats, [5, 2]), ("/z", Self.floats, [5])]) == [["/targets", "/h"]])
    #expect(
      try pairs([labels, ("/predictions", Self.integers, [5]), ("/h", Self.floats, [5, 2])])
        == [["/targets", "/h", "/predictions"]])
    expectError(.badOrder, mentioning: "features", "/embeddings float16 [5, 2], /features float16 [5, 2]") {
      _ = try pairs([labels, ("/embeddings", Self.floats, [5, 2]), ("/features", Self.floats, [5, 2])])
    }
  }

  @Test("Each group has its own pair, in natural order, and groups without one are skipped")
  func groups() throws {
    func group(_ name: String) -> [(String, ElementType?, [Int])] {
      [(name + "/labels", Self.integers, [5]), (name + "/embeddings", Self.floats, [5, 2])]
    }
    let found = try pairs(group("/s10") + group("/s9") + [("/s9/lengths/x", Self.integers, [3])] + group(""))
    #expect(found.map { $0[0] } == ["/labels", "/s9/labels", "/s10/labels"])
  }

  @Test("If a dataset cannot be opened, only named arrays can be chosen")
  func unreadable() throws {
    let candidates = [
      ArrayMatching.Candidate(path: "/labels", shape: [5], type: Self.integers),
      ArrayMatching.Candidate(path: "/other", shape: [5, 2], type: Self.floats),
    ]
    func matching(_ names: ArrayNames) -> ArrayMatching {
      ArrayMatching(
        file: "f", names: names, uint16IsBFloat16: false, candidates,
        unreadable: StreamError(
          .corrupt, Diagnosis(file: "f", expected: "an old one", found: "a new one", advice: "write it again")))
    }
    expectError(.corrupt, file: "f") { _ = try matching(ArrayNames()).pairs() }
    expectError(.corrupt, file: "f") { _ = try matching(ArrayNames(features: "x/other")).pairs() }
    #expect(try matching(ArrayNames(labels: "labels", features: "/other")).pairs().count == 1)
    expectError(.corrupt, file: "f") {
      _ = try matching(ArrayNames()).one("tokens", named: nil, advice: "") { _ in true }
    }
    #expect(try matching(ArrayNames()).one("tokens", named: "labels", advice: "") { _ in true } == 0)
  }

  @Test("Half a pair, or no pair, is an error that lists the arrays")
  func none() {
    expectError(.badOrder, file: "f", position: "“/labels”", mentioning: "features") {
      _ = try pairs([("/labels", Self.integers, [5]), ("/a", Self.floats, [5, 2]), ("/b", Self.floats, [5, 2])])
    }
    expectError(.badOrder, file: "f", mentioning: "/a float16 [5, 2]") { _ = try pairs([("/a", Self.floats, [5, 2])]) }
    expectError(.badOrder, file: "f", mentioning: "no arrays") { _ = try pairs([]) }
  }

  @Test("Two full paths are one pair, wherever they are")
  func paths() throws {
    let arrays = [("/a/y", Self.integers as ElementType?, [5]), ("/b/h", Self.floats as ElementType?, [5, 2])]
    #expect(try pairs(arrays, ArrayNames(labels: "a/y", features: "/b/h")) == [["/a/y", "/b/h"]])
    expectError(.badOrder) { _ = try pairs(arrays, ArrayNames(labels: "a/y", features: "/b/x")) }
  }
}
