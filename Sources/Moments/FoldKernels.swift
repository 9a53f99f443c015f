import CollapseKernels
import Embeddings

/// The rows of one group in a block, as the kernels take them.
struct GroupRows {
  let features: UnsafeRawPointer
  let scalar: ScalarType
  let dimension: Int
  let rows: UnsafeBufferPointer<UInt32>

  /// Σ (h − μ) into `sum`, and Σ‖h − μ‖² as result; μ is centre + carry.
  func fold(
    about centre: UnsafePointer<Double>, _ carry: UnsafePointer<Double>?, sum: UnsafeMutablePointer<Double>
  ) -> Double {
    let kernel =
      switch scalar {
      case .float16: collapse_fold_f16
      case .bfloat16: collapse_fold_bf16
      case .float32: collapse_fold_f32
      case .float64: collapse_fold_f64
      }
    return kernel(features, dimension, rows.baseAddress, rows.count, centre, carry, sum)
  }

  /// Takes the group's only row in one visit: moves the mean, which is of `total` samples then, and
  /// returns ‖h − μ‖².
  func foldOne(
    into centre: UnsafeMutablePointer<Double>, _ carry: UnsafeMutablePointer<Double>?, total: Double
  ) -> Double {
    let kernel =
      switch scalar {
      case .float16: collapse_fold_one_f16
      case .bfloat16: collapse_fold_one_bf16
      case .float32: collapse_fold_one_f32
      case .float64: collapse_fold_one_f64
      }
    return kernel(first, dimension, centre, carry, total)
  }

  /// The first row.
  var first: UnsafeRawPointer { features + Int(rows.first ?? 0) * dimension * scalar.byteCount }

  /// The rows h − μ into `residuals` [rows × d].
  func residuals(
    about centre: UnsafePointer<Double>, _ carry: UnsafePointer<Double>?,
    into residuals: UnsafeMutablePointer<Double>
  ) {
    let kernel =
      switch scalar {
      case .float16: collapse_residuals_f16
      case .bfloat16: collapse_residuals_bf16
      case .float32: collapse_residuals_f32
      case .float64: collapse_residuals_f64
      }
    kernel(features, dimension, rows.baseAddress, rows.count, centre, carry, residuals)
  }

  /// The first row, widened, into `centre`.
  func copyFirst(to centre: UnsafeMutablePointer<Double>) {
    scalar.widen(first, count: dimension, into: centre)
  }
}
