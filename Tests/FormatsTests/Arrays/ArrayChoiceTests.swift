import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("Choosing one array of a file")
struct ArrayChoiceTests {
  private let matching = ArrayMatching(
    file: "f.h5", names: ArrayNames(), uint16IsBFloat16: false,
    [("run/tokens", [9]), ("run/hidden", [9, 2]), ("other/hidden", [3, 3, 2]), ("n", [4])].map { path, shape in
      .init(path: path, shape: shape, type: ElementType(kind: shape.count == 1 ? .signed : .float, width: 4))
    })

  private func one(_ name: String? = nil, standard: [String] = [], rank: Int) throws -> Int {
    try matching.one("an array", named: name, standard: standard, advice: "name it") { $0.shape.count == rank }
  }

  @Test("By its path or its last part, else by a standard name, else the only one that fits")
  func chosen() throws {
    #expect(try one("run/tokens", rank: 1) == 0)
    #expect(try one("tokens", rank: 1) == 0)
    #expect(try one("hidden", rank: 2) == 1)
    #expect(try one("other/hidden", rank: 3) == 2)
    #expect(try one(standard: ["input_ids", "tokens"], rank: 1) == 0)
    #expect(try one(rank: 3) == 2)
  }

  @Test("A missing array, or several that fit, give an error that lists the arrays")
  func wrong() {
    expectError(.badReference, file: "f.h5", mentioning: "expected “x”", "run/hidden float32 [9, 2]", "name it") {
      _ = try one("x", rank: 1)
    }
    expectError(.badReference, mentioning: "several") { _ = try one(rank: 1) }
    expectError(.badReference, mentioning: "several: run/hidden float32 [9, 2], other/hidden float32 [3, 3, 2]") {
      _ = try one("hidden", rank: 1)
    }
    expectError(.badReference, mentioning: "several: run/tokens int32 [9], n int32 [4]") {
      _ = try one(standard: ["tokens", "n"], rank: 1)
    }
    expectError(.badReference, mentioning: "expected an array") { _ = try one(rank: 4) }
  }
}
