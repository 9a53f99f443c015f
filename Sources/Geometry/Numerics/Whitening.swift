import Samples

/// A linear map that gives centred means, the rows of M, unit covariance: (M·Aᵀ)ᵀ(M·Aᵀ) = I up to rounding.
///
/// With eigenpairs (λ_i, v_i) of MᵀM, row i of A is v_i/√λ_i. How far rounding leaves the product from the identity can
/// be computed from M·Aᵀ and undone exactly. Only M is multiplied, whose condition number is √κ, never its square.
///
/// - Eigenvalues ≤ d·ε·λ_max, and those beyond the top K − 1, count as zero and have no row.
/// - If there are any, v_i is replaced by Mᵀ(M v_i)/λ_i: the same vector, but certain to be in the span of the means.
struct Whitening {
  /// A, [rank × d].
  let matrix: Matrix

  init(_ centred: Matrix, gram: Matrix, threads: Int) throws {
    let eigen = try SymmetricEigen(gram)
    let d = centred.columns
    let zero = Double(d) * .ulpOfOne * (eigen.values.last ?? 0)
    let kept = (max(0, d - centred.rows + 1)..<d).filter { eigen.values[$0] > zero }
    let roots = kept.map { eigen.values[$0].squareRoot() }
    var vectors = try eigen.vectors.selecting(kept)
    if kept.count < d {
      let whitened = try MatrixProducts.product(
        centred, transposed: vectors.dividingRows(by: roots), threads: threads)
      vectors = try MatrixProducts.product(transposed: whitened, centred).dividingRows(by: roots)
    }
    matrix = try vectors.dividingRows(by: roots)
  }
}

extension Matrix {
  fileprivate func dividingRows(by divisors: [Double]) throws -> Matrix {
    try Matrix(rows: rows, columns: columns) { out in
      for place in out.indices { out[place] = elements[place] / divisors[place / columns] }
    }
  }
}
