import Moments
import Samples

/// The spectra of the covariance matrices and of the output head, and what else follows from the matrices.
///
/// Σ_W, Σ_Bw and Σ_T are of all samples and classes of the state; Σ_B and the head's rows are of the measured classes.
/// Without Σ_W, its spectrum, that of Σ_T, and what is made from them are missing.
///
/// - Complexity: O(K·d² + d³) time, and some d×d matrices; see ``bytes(dimension:)``.
struct Spectra: Sendable {
  /// Those that could be computed, in the order of ``Spectrum/Kind``.
  let all: [Spectrum]
  /// ‖μ‖²/(‖μ‖² + tr Σ_T); nil if both are zero.
  let meanShare: Double?
  /// exp entropy of p = σ/Σσ + 1e-7 for the singular values σ of the uncentred features; nil without Σ_W or if all are 0.
  let rankMe: Double?
  /// exp entropy of the eigenvalues of (Σ_W + δI)^−½ Σ_B (Σ_W + δI)^−½; nil if Σ_W is not known, or if
  /// Σ_B is zero.
  let lidar: Double?

  /// What is added to the shares of RankMe and LiDAR, as published.
  private static let offset = 1e-7
  /// δ of LiDAR, as published.
  private static let ridge = 1e-4

  subscript(kind: Spectrum.Kind) -> Spectrum? { all.first { $0.kind == kind } }

  /// - Parameter wholeHead: Σ w wᵀ over all V rows of the output head, if there is one and it is finite.
  /// - Throws: ``GeometryError/eigensolver(dimension:status:)``, `OutOfMemory`, and `CancellationError`.
  init(_ geometry: ClassGeometry, of table: MomentsTable, wholeHead: Matrix?) throws {
    let mean = GlobalMean.weighted.mean(of: table.means, lowPart: table.lowPart, counts: table.counts)
    let means = geometry.means
    let between = geometry.betweenScatter.dividing(by: Double(means.classes))
    var all: [Spectrum.Kind: [Double]] = [:]
    all[.between] =
      means.differ
      ? try SymmetricEigen.values(of: between) : [Double](repeating: 0, count: means.dimension)
    if let gram = geometry.classifierGram { all[.head] = try SymmetricEigen.values(of: gram) }
    if let wholeHead { all[.headAll] = try SymmetricEigen.values(of: wholeHead) }
    var total = try Self.weighted(table, mean, threads: geometry.threads)
    all[.betweenWeighted] = try SymmetricEigen.values(of: total)
    let (length, trace) = (mean.squaredNorm, table.withinTrace + total.trace)
    meanShare = length + trace > 0 ? length / (length + trace) : nil
    var (rankMe, lidar): (Double?, Double?) = (nil, nil)
    if let scatter = table.withinScatter {
      let within = scatter.dividing(by: Double(table.samples))
      total.add(within)
      all[.total] = try SymmetricEigen.values(of: total)
      total.addSquare(of: mean)
      rankMe = Self.rankMe(try SymmetricEigen.values(of: total), samples: table.samples)
      let eigen = try SymmetricEigen(within)
      all[.within] = eigen.values
      if means.differ, geometry.hasRepeatedClass { lidar = try Self.lidar(eigen, between, threads: geometry.threads) }
    }
    self.all = Spectrum.Kind.allCases.compactMap { kind in all[kind].map { Spectrum(kind, ascending: $0) } }
    (self.rankMe, self.lidar) = (rankMe, lidar)
  }

  /// Bytes that the matrices take in addition to Σ_B and the inputs.
  static func bytes(dimension: Int) -> Int {
    SymmetricEigen.bytes(dimension: dimension) + 5 * dimension * dimension * MemoryLayout<Double>.size
  }

  /// Σ_Bw. A class whose mean agrees with μ within rounding counts as equal to it.
  private static func weighted(_ table: MomentsTable, _ mean: CentringMean, threads: Int) throws -> Matrix {
    let d = table.dimension
    var sum = try Matrix(rows: d, columns: d)
    for rows in ranges(of: table.classes, size: InterferenceMoments.rowsAtOnce) {
      var centred = try mean.centre(table.means, lowPart: table.lowPart, rows: rows)
      let norms = centred.rowNorms
      centred.withUnsafeMutableElements { elements in
        for (place, row) in rows.enumerated() {
          let length = table.means[row: row].reduce(0) { $0 + $1 * $1 }.squareRoot()
          let isEqual = norms[place] <= 16 * Double.ulpOfOne * length
          let scale = isEqual ? 0 : (Double(table.counts[row]) / Double(table.samples)).squareRoot()
          for column in 0..<d { elements[place * d + column] *= scale }
        }
      }
      sum.add(try MatrixProducts.gram(centred, threads: threads))
    }
    return sum
  }

  /// - Parameter values: the eigenvalues of Σ_T + μμᵀ.
  private static func rankMe(_ values: [Double], samples: Int) -> Double? {
    let singular = values.suffix(samples).map { max($0, 0).squareRoot() }
    return singular.contains { $0 > 0 } ? Spectrum.perplexity(of: singular, offset: offset) : nil
  }

  private static func lidar(_ within: SymmetricEigen, _ between: Matrix, threads: Int) throws -> Double? {
    var inverse = within.vectors
    inverse.withUnsafeMutableElements { elements in
      for (row, value) in within.values.enumerated() {
        let scale = 1 / (max(value, 0) + ridge).squareRoot()
        for column in 0..<within.values.count { elements[row * within.values.count + column] *= scale }
      }
    }
    let half = try MatrixProducts.product(inverse, transposed: between, threads: threads)
    let whitened = try MatrixProducts.product(half, transposed: inverse, threads: threads)
    let values = try SymmetricEigen.values(of: whitened).map { max($0, 0) }
    return values.contains { $0 > 0 } ? Spectrum.perplexity(of: values, offset: offset) : nil
  }
}

extension Matrix {
  /// The sum of the diagonal.
  fileprivate var trace: Double { (0..<rows).reduce(0) { $0 + self[$1, $1] } }

  fileprivate func dividing(by divisor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { $0 / divisor })
  }

  /// Adds μμᵀ.
  fileprivate mutating func addSquare(of mean: CentringMean) {
    let d = columns
    withUnsafeMutableElements { elements in
      for (row, a) in mean.parts.enumerated() {
        for (column, b) in mean.parts.enumerated() { elements[row * d + column] += a.head * b.head }
      }
    }
  }
}
