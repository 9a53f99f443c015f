import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("What the integers of a group are")
struct GroupPairTests {
  private static let integers = ElementType(kind: .signed, width: 8)
  private static let floats = ElementType(kind: .float, width: 2)

  /// The kind of the only pair of these integers beside `/h`, and the path of the integers.
  private func kind(
    _ integers: [(String, [Int])], features: [Int] = [6, 2], names: ArrayNames = ArrayNames()
  ) throws -> (ArrayMatching.Pair.Kind, String) {
    let arrays = integers.map { ArrayMatching.Candidate(path: $0.0, shape: $0.1, type: Self.integers) }
    let all = arrays + [.init(path: "/h", shape: features, type: Self.floats)]
    let pairs = try ArrayMatching(file: "f.h5", names: names, uint16IsBFloat16: false, all).pairs()
    try #require(pairs.count == 1)
    return (pairs[0].kind, all[pairs[0].labels].path)
  }

  @Test(
    "Usual names of labels are labels",
    arguments: ["label", "labels", "target", "targets", "next_token", "next_tokens", "y", "Y"]
  )
  func labels(name: String) throws {
    #expect(try kind([("/" + name, [6])]) == (.labels(isNamed: false), "/" + name))
    #expect(try kind([("/" + name, [6]), ("/lengths", [2])]) == (.labels(isNamed: false), "/" + name))
  }

  @Test(
    "Usual names of tokens are tokens by position, of one index or two",
    arguments: ["token", "tokens", "token_id", "token_ids", "input_ids"])
  func tokens(name: String) throws {
    #expect(try kind([("/" + name, [6])]) == (.tokens, "/" + name))
    #expect(try kind([("/" + name, [3, 2])]) == (.tokens, "/" + name))
    #expect(
      try kind([("/" + name, [3, 2]), ("/attention_mask", [3, 2])], features: [3, 2, 5]) == (.tokens, "/" + name))
  }

  @Test("What the user names is what they name it")
  func named() throws {
    #expect(try kind([("/input_ids", [6])], names: ArrayNames(labels: "input_ids")).0 == .labels(isNamed: true))
    #expect(
      try kind([("/axis1", [6]), ("/labels", [6])], names: ArrayNames(labels: "axis1")) == (
        .labels(isNamed: true), "/axis1"
      ))
  }

  @Test("Any other integers of the right size are a question, whether one or several")
  func questions() throws {
    expectError(
      .badOrder, file: "f.h5", position: "“/axis1”",
      mentioning: "is axis1 the label of each row, or the token at each position? say --labels or --tokens",
      "--labels axis1", "--tokens f.h5#/axis1"
    ) { _ = try kind([("/axis1", [6])]) }
    expectError(.badOrder, mentioning: "is one of them the label", "/a int64 [6], /b int64 [6]") {
      _ = try kind([("/a", [6]), ("/b", [6])])
    }
    expectError(.badOrder, mentioning: "is axis1 the label", "pandas") {
      _ = try kind([("/axis1", [6]), ("/block1_values", [6, 1]), ("/block0_values", [6, 1])])
    }
    expectError(.badOrder, position: "“/h”", mentioning: "labels in the same group") { _ = try kind([("/n", [4])]) }
  }

  @Test("Two usual names of one kind are a question; a link to the same array is none")
  func several() throws {
    expectError(.badOrder, mentioning: "--tokens f.h5#/input_ids", "/tokens") {
      _ = try kind([("/input_ids", [6]), ("/tokens", [6])])
    }
    expectError(.badOrder, mentioning: "--labels", "/y") { _ = try kind([("/labels", [6]), ("/y", [6])]) }
    let linked = [
      ArrayMatching.Candidate(path: "/labels", shape: [6], type: Self.integers, first: 0),
      .init(path: "/y", shape: [6], type: Self.integers, first: 0),
      .init(path: "/h", shape: [6, 2], type: Self.floats),
    ]
    #expect(
      try ArrayMatching(file: "f", names: ArrayNames(), uint16IsBFloat16: false, linked).pairs().map(\.labels) == [0])
  }

  @Test("Labels beside tokens are compared with them if both fit; otherwise the one that fits is taken")
  func both() throws {
    #expect(try kind([("/input_ids", [6]), ("/labels", [6])]) == (.labelsBeside(tokens: 0), "/labels"))
    #expect(try kind([("/input_ids", [7]), ("/labels", [6])]) == (.labels(isNamed: false), "/labels"))
    #expect(try kind([("/input_ids", [6]), ("/label", [1])]) == (.tokens, "/input_ids"))
  }

  @Test("Labels by sequence and position are a question: models take them unshifted")
  func byPosition() {
    expectError(.badOrder, position: "“/labels”", mentioning: "--tokens f.h5#/labels", "reshape") {
      _ = try kind([("/labels", [3, 2])], features: [3, 2, 5])
    }
  }
}
