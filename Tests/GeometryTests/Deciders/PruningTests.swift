import TestSupport
import Testing

@testable import Deciding
@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Pruning")
struct PruningTests {
  private static let (classes, dimension) = (2_300, 64)

  /// Class means whose coordinates decay in some basis; rows about them; and duplicate and nearly duplicate means.
  private func samples(spread: Double) -> (table: MomentsTable, rows: [[Double]]) {
    var generator = SeededGenerator(4)
    func vector() -> [Double] {
      let decaying = (0..<Self.dimension).map { generator.normal() * 0.9.power($0) }
      // Rotated, so that the basis is not the standard one: each pair of neighbours by 45°.
      return (0..<Self.dimension).map { j in
        let (a, b) = (decaying[j / 2 * 2], decaying[j / 2 * 2 + 1])
        return 0.5.squareRoot() * (j % 2 == 0 ? a + b : a - b) + 3
      }
    }
    var means = (0..<Self.classes).map { _ in vector() }
    for c in stride(from: 0, to: Self.classes, by: 10) {
      means[c + 1] = means[c]
      means[c + 2] = means[c].map { $0 * (1 + 1e-9 * generator.normal()) }
    }
    let rows = (0..<400).map { number in
      zip(means[number % Self.classes], vector()).map { $0 + spread * ($1 - 3) }
    }
    return (MomentsTable(means: means), rows)
  }

  @Test("Pruning makes the same choices, even for duplicates and near ties", arguments: [0.001, 0.3, 0.6])
  func sameChoices(spread: Double) throws {
    let (table, rows) = samples(spread: spread)
    let unseen = block(rows.map { _ in 0 }, rows, .float32, predictions: rows.map { _ in 0 })
    var deciders = try Deciders(table, workers: WorkerThreads(2))
    let plain = try deciders.decide(unseen)
    let share = try #require(try deciders.prune(judgedBy: unseen, plain, decided: 1 << 30, least: (1, 1)))
    #expect(share < 1)
    let pruned = try deciders.decide(unseen)
    #expect(pruned.nearest == plain.nearest)
    #expect(plain.nearest.allSatisfy { $0 % 10 != 1 })
  }

  @Test("It is not tried before it can pay, and not used if most candidates remain")
  func declined() throws {
    let table = MomentsTable.random(Self.classes, Self.dimension)
    let rows = Matrix.random(200, Self.dimension, seed: 6).vectors
    let unseen = block(rows.map { _ in 0 }, rows, .float32, predictions: rows.map { _ in 0 })
    var deciders = try Deciders(table)
    let plain = try deciders.decide(unseen)
    #expect(try deciders.prune(judgedBy: unseen, plain, decided: 200, least: (1, 1)) == nil)
    #expect(try deciders.prune(judgedBy: unseen, plain, decided: 1 << 30, least: (1, 1)) == 1)
    #expect(try deciders.decide(unseen).nearest == plain.nearest)
    #expect(try deciders.prune(judgedBy: unseen, plain, decided: 1 << 30) == 1)
  }
}

extension Double {
  fileprivate func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * self } }
}
