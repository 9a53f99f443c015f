import Testing

@testable import Moments
@testable import Support

@Suite("Row panels")
struct RowPanelsTests {
  @Test("A panel holds its columns row after row; the last is padded with zeros")
  func layout() {
    let rows: [Double] = (0..<3 * 9).map { Double($0) }
    var panels = RowPanels(dimension: 9, precision: .double)
    rows.withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress else { return }
      panels.fill(PooledScatter.Rows(start: start, count: 3), workers: WorkerThreads(2))
    }
    let held = UnsafeBufferPointer(start: panels.start.assumingMemoryBound(to: Double.self), count: 2 * 3 * 8)
    let first: [Double] = (0..<3).flatMap { row in (0..<8).map { Double(row * 9 + $0) } }
    let second = (0..<3).flatMap { row in [Double(row * 9 + 8)] + [Double](repeating: 0, count: 7) }
    #expect(Array(held) == first + second)
    #expect(panels.rows == 3)
  }
}
