import TestSupport
import Testing

@testable import Moments

@Suite("Fold units")
struct FoldUnitsTests {
  private func cut(_ sizes: [Int], _ chosen: Range<Int>? = nil) -> (units: FoldUnits, starts: [Int]) {
    let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    var units = FoldUnits()
    units.cut(chosen ?? sizes.indices, starts)
    return (units, starts)
  }

  @Test("Every row is in one run or one part, and every part but the last of a group has a fixed number of rows")
  func cover() {
    var generator = SeededGenerator(1)
    for _ in 0..<200 {
      let sizes = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
        Int.random(in: 0..<8, using: &generator) == 0
          ? Int.random(in: 1...9000, using: &generator) : Int.random(in: 1...20, using: &generator)
      }
      let (units, starts) = cut(sizes)
      var seen = [Int](repeating: 0, count: starts[sizes.count])
      for run in units.runs { for row in starts[run.lowerBound]..<starts[run.upperBound] { seen[row] += 1 } }
      for part in units.parts { for row in part.rows { seen[row] += 1 } }
      #expect(seen.allSatisfy { $0 == 1 })
      for large in units.large {
        #expect(sizes[large.group] > FoldUnits.largestGroup)
        let parts = units.parts[large.parts]
        #expect(parts.allSatisfy { $0.group == large.group })
        #expect(parts.dropLast().allSatisfy { $0.rows.count == FoldUnits.largestGroup })
        #expect(parts.map(\.rows.count).reduce(0, +) == sizes[large.group])
      }
      #expect(Set(units.large.map(\.group)).isDisjoint(with: units.runs.joined()))
    }
  }

  @Test("A class with nearly all rows is many pieces, not one")
  func skewed() {
    let (units, _) = cut([10, 16_000, 5])
    #expect(units.parts.count == 16)
    #expect(units.runs == [0..<1, 2..<3])
  }

  @Test("Only the selected groups are cut, and nothing from an earlier window stays")
  func chosen() {
    var (units, starts) = cut([2000, 3, 4, 3000])
    units.cut(1..<3, starts)
    #expect(units.runs == [1..<3] && units.parts.isEmpty && units.large.isEmpty)
    starts = [0, 5]
    units.cut(0..<1, starts)
    #expect(units.runs == [0..<1])
  }
}
