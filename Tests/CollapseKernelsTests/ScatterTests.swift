import CollapseKernels
import TestSupport
import Testing

@Suite("Scatter kernels")
struct ScatterTests {
  @Test("Products in single precision are chains of float32 over 128 rows, added in float64, to the last bit")
  func singleChains() {
    let (rows, columns) = (300, 32)
    var generator = SeededGenerator(1)
    let values = (0..<rows * columns).map { _ in Float(generator.normal()) }
    var product = [Double](repeating: .nan, count: columns * columns)
    withUnsafeTemporaryAllocation(byteCount: rows * columns * 4, alignment: 64) { panels in
      collapse_pack_f64_f32(values.map(Double.init), columns, rows, 0, rows, panels.baseAddress)
      collapse_scatter_f32(
        panels.baseAddress?.assumingMemoryBound(to: Float.self), rows, 0, columns, 0, columns, &product)
    }
    for i in 0..<columns {
      for j in i..<columns {
        let chains = [0..<128, 128..<256, 256..<rows].map { run in
          run.reduce(Float(0)) { $0.addingProduct(values[$1 * columns + i], values[$1 * columns + j]) }
        }
        #expect(product[i * columns + j] == Double(chains[0]) + Double(chains[1]) + Double(chains[2]))
      }
    }
  }

  @Test("A carry keeps the rounding error of a sum", arguments: [1, 3, 8, 21])
  func lowPart(count: Int) {
    var (sums, lowParts) = ([Double](repeating: 1e16, count: count), [Double](repeating: 0, count: count))
    let terms = (0..<count).map { 0.25 + Double($0) / 8 }
    collapse_add_carrying(terms, count, &sums, &lowParts)
    collapse_add_carrying([Double](repeating: -1e16, count: count), count, &sums, &lowParts)
    #expect(zip(sums, lowParts).map { $0 + $1 } == terms)
    collapse_add(terms, count, &lowParts)
    collapse_add([Double](repeating: 1, count: count), count, &sums)
    #expect(zip(sums, lowParts).map { $0 + $1 } == terms.map { 2 * $0 + 1 })
  }
}
