import Geometry
import Moments
import Samples
import Support

/// Where merged classes go, by ascending token id, and after them their scatter: a file or memory.
protocol MergeSink {
  /// Throws ``MomentsError`` if moments overflowed.
  func take(_ rows: MomentsTable) throws
  func take(_ scatter: PooledScatter) throws
}

extension StateWriter: MergeSink {
  func take(_ rows: MomentsTable) throws {
    try prepare(rows)
    try write(rows)
  }

  func take(_ scatter: PooledScatter) throws { try write(scatter) }
}

/// A state that is put together in memory, to be measured. It is that of the file with the same numbers, to the checksum,
/// but without the second moments of features.
final class HeldStateBuilder: MergeSink {
  private let format: StateFormat
  private let sums = StateCheck.Sums()
  private var tokens: [Int32] = []
  private var counts: [Int] = []
  private var m2: [Double] = []
  private var means: [Double] = []
  private var lowParts: [Double] = []
  private var spreads = FeatureSpreads()
  private var scatter: Matrix?

  /// Throws `OutOfMemory`.
  init(_ format: StateFormat) throws {
    self.format = format
    let numbers = format.classes * format.dimension
    try MappedMemory.check(
      numbers * (format.keepsLowParts ? 2 : 1), of: Double.self,
      for: "\(format.classes) class means of dimension \(format.dimension)")
    means.reserveCapacity(numbers)
    if format.keepsLowParts { lowParts.reserveCapacity(numbers) }
  }

  func take(_ rows: MomentsTable) throws {
    try rows.checkFinite()
    sums.update(rows)
    spreads.add(rows)
    tokens += rows.tokens
    counts += rows.counts
    m2 += rows.m2
    means += rows.means.elements
    lowParts += rows.lowPart?.elements ?? []
  }

  func take(_ scatter: PooledScatter) throws {
    let matrix = try scatter.rows(0..<format.dimension)
    sums.scatter.update(matrix.elements)
    self.scatter = matrix
  }

  /// The state; the builder is empty afterwards.
  func finish(_ made: Provenance) throws -> HeldState {
    try StateFormat.checkClasses(tokens.count, made)
    func matrix(_ elements: inout [Double]) -> Matrix {
      defer { elements = [] }
      return Matrix(rows: tokens.count, columns: format.dimension, elements: elements)
    }
    let table = MomentsTable(
      tokens: tokens, counts: counts, means: matrix(&means), lowPart: format.keepsLowParts ? matrix(&lowParts) : nil,
      m2: m2, withinScatter: scatter)
    let checksum = sums.value(format.attributes(samples: table.samples, made))
    return HeldState(table, format.within, made, checksum: checksum, spreads: spreads)
  }
}
