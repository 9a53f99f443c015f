import Testing

@testable import Moments

@Suite("Pieces of a fold")
struct FoldPiecesTests {
  private static let dimension = FoldWindow.dimension

  /// Three interleaved classes with 2, 12 and 1 rows; the first two had 2 and 4 samples before.
  private func window() -> FoldWindow {
    let labels: [Int32] = [7, 3, 3, 3, 9, 3, 3, 7, 3, 3, 3, 3, 3, 3, 3]
    let rows = labels.indices.map { row in
      (0..<Self.dimension).map { feature in
        let number = (row * 5 + feature * 3 + row * feature) % 11
        return Double(number) * 12 - 60
      }
    }
    return FoldWindow(
      labels: labels, rows: rows, counts: [2, 4, 0], m2: [5, 7, 0],
      means: [[0, 12, -24, 36, 8], [16, 0, 32, -48, 64], [.nan, .nan, .nan, .nan, .nan]],
      diagonals: [[1, 0, 0, 4, 0], [0, 3, 3, 0.5, 0.5], [0, 0, 0, 0, 0]])
  }

  private func expect(
    _ after: FoldWindow, from before: FoldWindow, _ slots: [(Int, Int32)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (slot, label) in slots {
      let truth = before.truth(slot, label)
      #expect(after.counts[slot] == truth.count, sourceLocation: sourceLocation)
      #expect(abs(after.m2[slot] - truth.m2) <= 1e-13 * truth.m2, sourceLocation: sourceLocation)
      for (found, expected) in zip(after.means[slot], truth.mean) {
        #expect(abs(found - expected) <= 1e-13 * 64, sourceLocation: sourceLocation)
      }
      for (found, expected) in zip(after.diagonals?[slot] ?? [], truth.diagonal) {
        #expect(abs(found - expected) <= 1e-13 * expected, sourceLocation: sourceLocation)
      }
      #expect(after.diagonals?.count == before.diagonals?.count, sourceLocation: sourceLocation)
    }
    #expect(!after.isLost, sourceLocation: sourceLocation)
  }

  /// Expects RᵀR of some residual rows to be the growth of a class's scatter: Σrrᵀ − DDᵀ/(n + k).
  private func expectScatter(
    _ after: FoldWindow, rows places: Range<Int>, from before: FoldWindow, _ slot: Int, _ label: Int32,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let rows = zip(before.labels, before.rows).filter { $0.0 == label }.map(\.1)
    let mean = before.counts[slot] > 0 ? before.means[slot] : rows[0]
    let total = Double(before.counts[slot] + rows.count)
    for i in 0..<Self.dimension {
      for j in 0..<Self.dimension {
        let (a, b) = (rows.map { $0[i] - mean[i] }, rows.map { $0[j] - mean[j] })
        let expected = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } - a.reduce(0, +) * b.reduce(0, +) / total
        let found = places.reduce(0.0) {
          $0 + after.residuals[$1 * Self.dimension + i] * after.residuals[$1 * Self.dimension + j]
        }
        #expect(abs(found - expected) <= 1e-12 * 1e5, sourceLocation: sourceLocation)
      }
    }
  }

  private static let classes: [(Int, Int32)] = [(0, 7), (1, 3), (2, 9)]

  @Test("A run of groups, with few rows and many, updates the moments of its classes")
  func run() {
    let before = window()
    var after = before
    after.with(parts: 0) { pieces, _ in pieces.fold(0..<3) }
    expect(after, from: before, Self.classes)
    var last = before
    last.with(parts: 0) { pieces, _ in pieces.fold(2..<3) }
    expect(last, from: before, [(2, 9)])
    #expect(last.counts == [2, 4, 1] && last.means[2] == before.rows[4] && last.m2[2] == 0)
    var bare = before
    bare.diagonals = nil
    bare.with(parts: 0) { pieces, _ in pieces.fold(0..<3) }
    #expect(bare.counts == after.counts && bare.means == after.means && bare.m2 == after.m2)
  }

  @Test("With the scatter, the residual rows are those of its update, from the run's first row on")
  func residuals() {
    let before = window()
    var after = before
    after.with(parts: 0) { pieces, residuals in pieces.fold(0..<3, residualsInto: residuals, from: 0) }
    expect(after, from: before, Self.classes)
    expectScatter(after, rows: 0..<2, from: before, 0, 7)
    expectScatter(after, rows: 2..<14, from: before, 1, 3)
    expectScatter(after, rows: 14..<15, from: before, 2, 9)
    var last = before
    last.with(parts: 0) { pieces, residuals in pieces.fold(1..<3, residualsInto: residuals, from: 2) }
    expectScatter(last, rows: 0..<12, from: before, 1, 3)
    #expect(last.residuals[13 * Self.dimension].isNaN)
  }

  @Test("A group cut into parts, folded about one mean, equals the whole group")
  func parts() {
    let before = window()
    var after = before
    // Rows 2 ..< 14 of the window, in order of groups, belong to the second class.
    let parts = [2..<5, 5..<6, 6..<14].map { FoldUnits.Part(group: 1, rows: $0) }
    after.with(parts: 4) { pieces, residuals in
      pieces.start(1)
      for (index, part) in parts.enumerated() { pieces.fold(part, number: index + 1) }
      pieces.add(1..<4)
      for part in parts { pieces.residuals(of: part, first: 1, into: residuals, from: 2) }
      pieces.step(1, first: 1)
    }
    expect(after, from: before, [(1, 3)])
    expectScatter(after, rows: 0..<12, from: before, 1, 3)
    #expect(after.counts == [2, 16, 0])
  }

  @Test("A class that starts with a group in parts starts at its first row")
  func start() {
    var before = window()
    before.counts = [0, 0, 0]
    before.m2 = [0, 0, 0]
    before.diagonals = [[Double]](repeating: [Double](repeating: 0, count: Self.dimension), count: 3)
    before.means = [[Double]](repeating: [Double](repeating: .nan, count: Self.dimension), count: 3)
    var after = before
    let parts = [2..<9, 9..<14].map { FoldUnits.Part(group: 1, rows: $0) }
    after.with(parts: 2) { pieces, residuals in
      pieces.start(1)
      for (index, part) in parts.enumerated() { pieces.fold(part, number: index) }
      pieces.add(0..<2)
      pieces.residuals(of: parts[1], first: 0, into: residuals, from: 2)
      pieces.residuals(of: parts[0], first: 0, into: residuals, from: 2)
      pieces.step(1, first: 0)
    }
    expect(after, from: before, [(1, 3)])
    expectScatter(after, rows: 0..<12, from: before, 1, 3)
  }

  @Test(
    "A feature that is not finite is detected in the squares", arguments: [0, 4, 5], [Double.nan, .infinity])
  func nonfinite(row: Int, number: Double) {
    let fine = window()
    var rows = fine.rows
    rows[row][3] = number
    var bad = FoldWindow(labels: fine.labels, rows: rows, counts: fine.counts, m2: fine.m2, means: fine.means)
    bad.with(parts: 0) { pieces, _ in pieces.fold(0..<3) }
    #expect(bad.isLost)
  }
}
