import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Scatters of a merge")
struct ScatterTreeTests {
  @Test("The scatter of all states is the sum of the states' and of every join's", arguments: 1...9)
  func sum(states: Int) throws {
    let tree = try ScatterTree(dimension: 3, precision: .double, classesPerUpdate: 4, workers: WorkerThreads(2))
    var expected = [Double](repeating: 0, count: 9)
    // A state's scatter is s² times ones, each join's that of one row (k, 0, −k): small integers, so that sums are
    // exact.
    var joins = 0
    MergeTree.reduce(0..<states) { _ in
      ()
    } join: { _, _, number in
      joins += 1
      let row = [Double(joins), 0, -Double(joins)]
      for (feature, value) in row.enumerated() { tree.deltas[feature] = value }
      tree.update(number, rows: 1)
      tree.update(number, rows: 0)
      for i in 0..<3 { for j in 0..<3 { expected[i * 3 + j] += row[i] * row[j] } }
    }
    #expect(joins == states - 1)
    var read: [Int] = []
    let whole = try tree.reduce(states) { state, body in
      read.append(state)
      let square = Double((state + 1) * (state + 1))
      // In two runs of rows, the way a file is read.
      try body(0, Matrix(rows: 2, columns: 3, elements: [Double](repeating: square, count: 6)))
      try body(2, Matrix(rows: 1, columns: 3, elements: [Double](repeating: square, count: 3)))
      for place in expected.indices { expected[place] += square }
    }
    #expect(read == Array(0..<states))
    #expect(try whole.matrix.elements == expected)
  }

  @Test("An error thrown by a state ends it")
  func failure() throws {
    let tree = try ScatterTree(dimension: 2, precision: .single, classesPerUpdate: 1, workers: WorkerThreads(1))
    #expect(throws: NonfiniteRow(row: 2)) {
      try tree.reduce(4) { state, _ in if state == 2 { throw NonfiniteRow(row: 2) } }
    }
  }
}
