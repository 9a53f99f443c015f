import CollapseKernels
import Foundation
import Testing

@Suite("The kernel of pair statistics")
struct PairsTests {
  @Test("Rows are laid out side by side and padded with zeros to a multiple of eight", arguments: [1, 5, 8])
  func transposed(count: Int) {
    let rows = (0..<count * 3).map { Double($0 + 1) }
    var panel = [Double](repeating: .nan, count: 24)
    collapse_pack_transposed(rows, 3, count, &panel)
    for k in 0..<3 {
      for l in 0..<8 { #expect(panel[8 * k + l] == (l < count ? rows[3 * l + k] : 0)) }
    }
  }

  /// The kernel's statistics of one pair of unit vectors at `cosine`, with variances that add up to 3.
  private func values(cosine: Double) -> (pairs: Int, values: [Double]) {
    let room = Int(COLLAPSE_BINS) + 1
    let numbers = Memory<Double>(64)
    let bins = Memory<UInt32>(COLLAPSE_PAIR_STATISTICS * room)
    let places = Memory<Int64>(16)
    let exceptions = Memory<UInt32>(64)
    for (number, value) in [cosine, 1, 1, 1.5].enumerated() { numbers.start[8 * number] = value }
    let classes = collapse_pair_classes(
      count: 1, squares: numbers.start + 8, inverses: numbers.start + 16, variances: numbers.start + 24,
      levels: nil)
    var tile = collapse_pair_tile(
      inner: numbers.start, stride: 8, is_diagonal: 0, rows: classes, columns: classes, simplex: -0.25)
    var results = collapse_pair_results()
    results.histograms = bins.start
    results.rows = collapse_pair_neighbours(
      cdnv: numbers.start + 32, coherence: numbers.start + 40, nearest: places.start)
    results.columns = collapse_pair_neighbours(
      cdnv: numbers.start + 48, coherence: numbers.start + 56, nearest: places.start + 8)
    results.exceptions = exceptions.start
    withExtendedLifetime((numbers, bins, places, exceptions)) {
      collapse_pairs(
        &tile, [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS),
        [collapse_pair_bins](repeating: .init(), count: COLLAPSE_PAIR_STATISTICS), &results)
    }
    return (results.pairs, withUnsafeBytes(of: results.sum) { Array($0.bindMemory(to: Double.self)) })
  }

  /// Zeros that stay in place while the kernel has pointers to them.
  private final class Memory<Number: BitwiseCopyable & ExpressibleByIntegerLiteral> {
    let start: UnsafeMutablePointer<Number>

    init(_ count: Int) {
      start = .allocate(capacity: count)
      start.initialize(repeating: 0, count: count)
    }

    deinit { start.deallocate() }
  }

  @Test("Each statistic of a pair agrees with the C library to a few ulps")
  func formulas() {
    for cosine in stride(from: -1.0, through: 0.998, by: 0.0037) {
      let squared = 2 - 2 * cosine
      let chord = squared.squareRoot()
      let expected = [
        1.5 / squared, 1.5 / squared / squared, cosine, abs(cosine), -log(chord), chord, 1 / chord, abs(cosine + 0.25),
      ]
      let found = values(cosine: cosine)
      #expect(found.pairs == 1)
      for (value, expected) in zip(found.values, expected) {
        #expect(abs(value - expected) <= 4 * .ulpOfOne * max(abs(expected), 1))
      }
    }
  }

  @Test("A pair whose difference cancels is left out")
  func exceptions() {
    #expect(values(cosine: 0.9995).pairs == 0)
    #expect(values(cosine: .nan).pairs == 0)
  }
}
