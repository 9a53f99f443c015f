import CollapseKernels
import Support

/// A copy of the centred class means, laid out for the kernels of the sweep. A panel holds eight classes side by side,
/// with ‖m_c‖², 1/‖m_c‖, σ²_c and the level of each. Everything is padded with zeros to a multiple of eight classes.
///
/// The layout is made once for all tiles; a BLAS would make it again for each of them.
///
/// `@unchecked Sendable`: only `init` writes to the memory, which is then read until `deinit`.
final class ClassPanels: @unchecked Sendable {
  /// d.
  let dimension: Int
  /// Numbers in all, which follow one another in one mapping.
  private let numbers: Int
  private let panels: UnsafeMutablePointer<Double>
  private let squares: UnsafeMutablePointer<Double>
  private let inverses: UnsafeMutablePointer<Double>
  private let variances: UnsafeMutablePointer<Double>
  /// Empty if there are no levels.
  private let levels: UnsafeMutableBufferPointer<Int64>

  /// Classes per panel: a cache line, and the widest register.
  static let width = 8

  /// Throws `OutOfMemory`.
  ///
  /// - Parameter levels: of each class; none if empty.
  init(_ means: CentredMeans, levels: [Int] = [], threads: Int) throws {
    dimension = means.dimension
    let count = (means.classes + Self.width - 1) / Self.width
    let padded = count * Self.width
    numbers = padded * (dimension + 3)
    panels = try MappedMemory.map(
      numbers, of: Double.self, for: "a copy of \(means.classes) class means of dimension \(dimension)")
    squares = panels + padded * dimension
    inverses = squares + padded
    variances = inverses + padded
    self.levels = .allocate(capacity: levels.isEmpty ? 0 : padded)
    self.levels.initialize(repeating: 0)
    for (c, level) in levels.enumerated() { self.levels[c] = Int64(level) }
    for c in 0..<padded {
      let isClass = c < means.classes
      squares[c] = isClass ? means.norms[c] * means.norms[c] : 0
      inverses[c] = isClass ? means.inverseNorms[c] : 0
      variances[c] = isClass ? means.variances[c] : 0
    }
    // Each panel is written by one piece of work.
    nonisolated(unsafe) let panels = panels
    let (dimension, classes) = (dimension, means.classes)
    means.centred.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      WorkerThreads(threads).run(count) { panel in
        let first = panel * Self.width
        collapse_pack_transposed(
          elements.baseAddress.map { $0 + first * dimension }, dimension, min(Self.width, classes - first),
          panels + first * dimension)
      }
    }
  }

  deinit {
    MappedMemory.unmap(panels, count: numbers)
    levels.deallocate()
  }

  /// Writes ⟨m_a, m_b⟩ for every a of `rows` and b of `columns` into `product`. Its rows are `columns.count` apart,
  /// rounded up to a multiple of eight.
  ///
  /// - Precondition: both ranges start at multiples of eight, and `product` has room for `rows.count` rows, rounded up
  ///   likewise. If both ranges start at the same class, only entries on and above the diagonal are meaningful.
  func multiply(_ rows: Range<Int>, _ columns: Range<Int>, into product: UnsafeMutablePointer<Double>) {
    collapse_scatter_f64(
      panels, dimension, rows.lowerBound, Self.padded(rows.count), columns.lowerBound, Self.padded(columns.count),
      product)
  }

  /// `count` rounded up to a multiple of eight.
  static func padded(_ count: Int) -> Int { (count + width - 1) / width * width }

  /// The values of some classes that the pair kernel reads.
  func classes(_ range: Range<Int>) -> collapse_pair_classes {
    collapse_pair_classes(
      count: range.count, squares: squares + range.lowerBound, inverses: inverses + range.lowerBound,
      variances: variances + range.lowerBound,
      levels: levels.isEmpty ? nil : levels.baseAddress.map { UnsafePointer($0 + range.lowerBound) })
  }
}
