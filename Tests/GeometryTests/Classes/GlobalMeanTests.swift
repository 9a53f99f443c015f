import Testing

@testable import Geometry
@testable import Samples

@Suite("Global mean")
struct GlobalMeanTests {
  @Test("Unweighted, each class counts once; weighted, each sample does")
  func weighting() throws {
    let means = Matrix([[0, 3], [4, 3]])
    #expect(try GlobalMean.unweighted.centre(means, counts: [3, 1]).elements == [-2, 0, 2, 0])
    #expect(try GlobalMean.weighted.centre(means, counts: [3, 1]).elements == [-1, 0, 3, 0])
  }

  @Test("One class is its own mean, whatever its values")
  func single() throws {
    let means = Matrix.random(1, 9, offset: 0.1, seed: 1)
    for choice in GlobalMean.allCases {
      #expect(try choice.centre(means, counts: [7]).elements.allSatisfy { $0 == 0 })
    }
  }

  @Test("Equal means are centred to exactly zero")
  func identical() throws {
    let means = Matrix([[Double]](repeating: [0.1, 1e6 / 3, -7e-9], count: 7))
    for choice in GlobalMean.allCases {
      #expect(try choice.centre(means, counts: [1, 2, 3, 4, 5, 6, 7]).elements.allSatisfy { $0 == 0 })
    }
  }

  @Test("A common offset leaves no trace in centred means", arguments: GlobalMean.allCases)
  func offset(choice: GlobalMean) throws {
    // Multiples of 2⁻²⁰, so that adding the offset is exact.
    let small = Matrix.random(50, 4, seed: 2).elements.map { ($0 * 0x1p20).rounded() * 0x1p-20 }
    let counts = (1...50).map { $0 % 7 + 1 }
    let plain = try choice.centre(Matrix(rows: 50, columns: 4, elements: small), counts: counts)
    let shifted = try choice.centre(Matrix(rows: 50, columns: 4, elements: small.map { $0 + 1e6 }), counts: counts)
    for (a, b) in zip(shifted.elements, plain.elements) { #expect((a - b).magnitude <= 1e-15) }
  }
}
