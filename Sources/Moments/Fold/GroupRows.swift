import CollapseKernels
import Samples

/// The rows of one group in a window, as the kernels take them.
struct GroupRows {
  /// Where each row starts.
  let starts: UnsafeBufferPointer<UnsafeRawPointer>
  let scalar: ScalarType
  let dimension: Int
  /// What to fold next, for prefetching.
  var next = collapse_next()

  var count: Int { starts.count }

  /// The most rows that ``foldFew(into:_:diagonal:total:)`` takes.
  static let few = 4

  private var rows: UnsafePointer<UnsafeRawPointer?>? {
    // Optional and non-optional pointers have the same layout.
    starts.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: UnsafeRawPointer?.self) }
  }

  /// Writes Σ (h − μ) to `sum` and returns Σ‖h − μ‖², with μ = centre + low part. Also writes Σ (h − μ)² of each feature
  /// to `squares`, if that is given.
  func fold(
    about centre: UnsafePointer<Double>, _ lowPart: UnsafePointer<Double>?, sum: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>? = nil
  ) -> Double {
    if let squares {
      let kernel =
        switch scalar {
        case .float16: collapse_fold_diagonal_f16
        case .bfloat16: collapse_fold_diagonal_bf16
        case .float32: collapse_fold_diagonal_f32
        case .float64: collapse_fold_diagonal_f64
        }
      return kernel(rows, count, dimension, centre, lowPart, sum, squares, next)
    }
    let kernel =
      switch scalar {
      case .float16: collapse_fold_f16
      case .bfloat16: collapse_fold_bf16
      case .float32: collapse_fold_f32
      case .float64: collapse_fold_f64
      }
    return kernel(rows, count, dimension, centre, lowPart, sum, next)
  }

  /// Folds a group of at most ``few`` rows in one pass. Updates the mean and, if given, the diagonal, which are now of
  /// `total` samples. Returns Σ‖h − μ‖² and ‖Σ(h − μ)‖².
  func foldFew(
    into centre: UnsafeMutablePointer<Double>, _ lowPart: UnsafeMutablePointer<Double>?,
    diagonal: UnsafeMutablePointer<Double>? = nil, total: Double
  ) -> collapse_squares {
    if let diagonal {
      let kernel =
        switch scalar {
        case .float16: collapse_fold_few_diagonal_f16
        case .bfloat16: collapse_fold_few_diagonal_bf16
        case .float32: collapse_fold_few_diagonal_f32
        case .float64: collapse_fold_few_diagonal_f64
        }
      return kernel(rows, count, dimension, centre, lowPart, diagonal, total, next)
    }
    let kernel =
      switch scalar {
      case .float16: collapse_fold_few_f16
      case .bfloat16: collapse_fold_few_bf16
      case .float32: collapse_fold_few_f32
      case .float64: collapse_fold_few_f64
      }
    return kernel(rows, count, dimension, centre, lowPart, total, next)
  }

  /// Writes the rows (h − μ) − share·sum to `residuals` [rows × d].
  func residuals(
    about centre: UnsafePointer<Double>, _ lowPart: UnsafePointer<Double>?, less share: Double,
    of sum: UnsafePointer<Double>, into residuals: UnsafeMutablePointer<Double>
  ) {
    let kernel =
      switch scalar {
      case .float16: collapse_residuals_f16
      case .bfloat16: collapse_residuals_bf16
      case .float32: collapse_residuals_f32
      case .float64: collapse_residuals_f64
      }
    kernel(rows, count, dimension, centre, lowPart, sum, share, residuals)
  }

  /// Writes the first row, widened, to `centre`.
  func copyFirst(to centre: UnsafeMutablePointer<Double>) {
    if let first = starts.first { scalar.widen(first, count: dimension, into: centre) }
  }
}
