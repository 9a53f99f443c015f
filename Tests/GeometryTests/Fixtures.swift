import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

/// Relative difference of `a` from `b`.
func deviation(_ a: Double?, _ b: Double) -> Double {
  guard let a else { return .infinity }
  return a == b ? 0 : (a - b).magnitude / b.magnitude
}

extension Matrix {
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
  }

  static func random(_ rows: Int, _ columns: Int, offset: Double = 0, seed: Int) -> Matrix {
    var generator = SeededGenerator(seed)
    let elements = (0..<rows * columns).map { _ in offset + Double.random(in: -1...1, using: &generator) }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }

  var vectors: [[Double]] { (0..<rows).map { Array(self[row: $0]) } }
}

extension MomentsTable {
  /// Class means with two samples each, tokens 0, 1, 2, …
  init(means: [[Double]], m2: [Double]? = nil, counts: [Int]? = nil, withinScatter: [[Double]]? = nil) {
    self.init(
      tokens: means.indices.map { Int32($0) }, counts: counts ?? means.map { _ in 2 }, means: Matrix(means),
      m2: m2 ?? means.map { _ in 2 }, withinScatter: withinScatter.map { Matrix($0) })
  }

  /// Random means, counts and scatter.
  static func random(_ classes: Int, _ dimension: Int, offset: Double = 0, seed: Int = 1) -> MomentsTable {
    var generator = SeededGenerator(seed &+ 1000)
    let residuals = Matrix.random(3 * dimension, dimension, seed: seed &+ 2000)
    return MomentsTable(
      tokens: (0..<classes).map { Int32(3 * $0 + 1) },
      counts: (0..<classes).map { _ in Int.random(in: 1...9, using: &generator) },
      means: .random(classes, dimension, offset: offset, seed: seed),
      m2: (0..<classes).map { _ in Double.random(in: 0...0.5, using: &generator) },
      withinScatter: try! MatrixProducts.gram(residuals, threads: 1))
  }

  /// Its centred means, for all classes.
  func centred(_ globalMean: GlobalMean = .unweighted) throws -> CentredMeans {
    try CentredMeans(ClassSelection(self), globalMean: globalMean)
  }

  func measure(
    _ filter: ClassFilter = ClassFilter(), classifier: [[Double]]? = nil, decisions: Decisions? = nil,
    options: GeometryOptions = GeometryOptions()
  ) throws -> Measures {
    try Measures(
      of: ClassSelection(self, filter), classifier: classifier.map { Matrix($0) }, decisions: decisions,
      options: options)
  }
}

extension OutOfDistributionMean {
  init(_ table: MomentsTable) {
    self.init(dimension: table.dimension)
    add(table)
  }
}

extension Measures {
  func scalar(_ id: String) throws -> Double? {
    guard case .scalar(let value) = try #require(self[id]).value else { throw Absent(id: id) }
    return value
  }

  func pairs(_ id: String) throws -> PairSummary {
    guard case .overPairs(let value) = try #require(self[id]).value else { throw Absent(id: id) }
    return value
  }

  func classes(_ id: String) throws -> ClassSummary {
    guard case .overClasses(let value) = try #require(self[id]).value else { throw Absent(id: id) }
    return value
  }

  struct Absent: Error { let id: String }
}

/// The K corners of a simplex in K dimensions: the unit vectors, whose global mean is not zero.
func unitVectors(_ k: Int) -> [[Double]] { (0..<k).map { row in (0..<k).map { $0 == row ? 1 : 0 } } }

extension PairSweep {
  /// Sweeps over all pairs, to the end.
  init(
    _ means: CentredMeans, tile: Int = Self.tile, threads: Int = 1,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    try self.init(means, tile: tile, threads: threads, progress: progress, checkCancellation: {})
  }
}
