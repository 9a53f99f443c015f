import TestSupport
import Testing

@testable import Deciding
@testable import Geometry

@Suite("Contenders")
struct ContendersTests {
  /// Adds scores of one row the way a search does.
  private func winner(
    _ scores: [Float], margin: Double, exact: (Int) -> Double
  ) -> (candidate: Int32, wasClose: Bool, asked: [Int]) {
    var asked: [Int] = []
    func ask(_ candidate: Int) -> Double {
      asked.append(candidate)
      return exact(candidate)
    }
    var contenders = Contenders(margins: [margin])
    for (candidate, score) in scores.enumerated() {
      contenders.raise(0, to: score)
      if score >= contenders.thresholds[0] { contenders.add(candidate, score, to: 0, exact: ask) }
    }
    let winner = contenders.winner(0, exact: ask)
    return (winner.candidate, winner.wasClose, asked)
  }

  @Test("Exact scores are computed only within twice the margin of the best, and decide")
  func close() {
    // Margins are in eighths: 4 − 2/8 is within, 4 − 3/8 is not.
    let found = winner([3, 3.625, 4, 3.75, -4], margin: 0.125) { [9, 9, 1, 2, 9][$0] }
    #expect(found.asked == [2, 3])
    #expect(found.candidate == 3 && found.wasClose)
  }

  @Test("A single contender is chosen without an exact score")
  func single() {
    let found = winner([1, 3, 2], margin: 0.25) { _ in 0 }
    #expect(found.candidate == 1 && !found.wasClose && found.asked.isEmpty)
  }

  @Test("Of equal exact scores the first is chosen, for any number of them", arguments: [2, 32, 33, 100])
  func ties(count: Int) {
    #expect(winner(.init(repeating: 1, count: count), margin: 0) { _ in 5 }.candidate == 0)
    let last = winner(.init(repeating: 1, count: count), margin: 0) { Double($0) }
    #expect(last.candidate == Int32(count - 1) && last.wasClose)
  }

  @Test("Whatever the errors of scores within the margin, the exact best is chosen")
  func random() {
    var generator = SeededGenerator(1)
    for margin in [0, 0.125, 1, 8] {
      let rows = 4
      // Few different numbers, to produce ties.
      let exact = (0..<rows).map { _ in (0..<300).map { _ in Double(Int.random(in: 0..<40, using: &generator)) / 4 } }
      var contenders = Contenders(margins: [Double](repeating: margin, count: rows))
      for candidate in 0..<300 {
        for row in 0..<rows {
          let score = Float(exact[row][candidate] + margin * Double(Int.random(in: -4...4, using: &generator)) / 4)
          contenders.raise(row, to: score)
          guard score >= contenders.thresholds[row] else { continue }
          contenders.add(candidate, score, to: row) { exact[row][$0] }
        }
      }
      for row in 0..<rows {
        let found = contenders.winner(row) { exact[row][$0] }
        #expect(Int(found.candidate) == exact[row].firstIndex(of: exact[row].max() ?? 0))
      }
    }
  }
}
