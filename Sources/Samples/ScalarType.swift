import CollapseKernels

/// The storage type of features. Widening to Float64 is exact for each.
public enum ScalarType: String, Codable, Sendable, CaseIterable {
  case float16
  case bfloat16
  case float32
  case float64

  /// Bytes per feature.
  public var byteCount: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  /// Widens `count` features to Float64.
  ///
  /// `features` holds at least `count` features of this type, and `out` has room for `count` doubles.
  public func widen(_ features: UnsafeRawPointer, count: Int, into out: UnsafeMutablePointer<Double>) {
    switch self {
    case .float16: collapse_widen_f16(features, count, out)
    case .bfloat16: collapse_widen_bf16(features, count, out)
    case .float32: collapse_widen_f32(features, count, out)
    case .float64: collapse_widen_f64(features, count, out)
    }
  }

  /// Rounds `count` numbers, none of them NaN, to features of this type: to the nearest, ties to even.
  ///
  /// `features` has room for `count` features of this type.
  public func narrow(_ numbers: UnsafePointer<Float>, count: Int, into features: UnsafeMutableRawPointer) {
    switch self {
    case .float16: collapse_narrow_f16(numbers, count, features)
    case .bfloat16: collapse_narrow_bf16(numbers, count, features)
    case .float32: collapse_narrow_f32(numbers, count, features)
    case .float64: collapse_narrow_f64(numbers, count, features)
    }
  }

  /// The index of the first NaN or infinite feature among `count`, or nil if all are finite.
  public func firstNonfinite(_ features: UnsafeRawPointer, count: Int) -> Int? {
    let index =
      switch self {
      case .float16: collapse_first_nonfinite_f16(features, count)
      case .bfloat16: collapse_first_nonfinite_bf16(features, count)
      case .float32: collapse_first_nonfinite_f32(features, count)
      case .float64: collapse_first_nonfinite_f64(features, count)
      }
    return index < count ? index : nil
  }
}
