import Samples

/// The type in which features are stored. Each is widened to Float64 exactly before anything is computed.
public enum FeatureType: String, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64

  init(_ scalar: ScalarType) {
    self =
      switch scalar {
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .float32: .float32
      case .float64: .float64
      }
  }

  var scalar: ScalarType {
    switch self {
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    }
  }
}

/// A number that features can be given in: `Float16`, `Float` or `Double`. No other type should conform.
///
/// Features in bfloat16 are given as their bits, in `UInt16`.
public protocol FeatureElement: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// What the type is called in files.
  static var featureType: FeatureType { get }
}

extension Float16: FeatureElement {
  public static var featureType: FeatureType { .float16 }
}

extension Float: FeatureElement {
  public static var featureType: FeatureType { .float32 }
}

extension Double: FeatureElement {
  public static var featureType: FeatureType { .float64 }
}

/// What to do with a row that holds a NaN or an infinite feature.
public enum NonfiniteRows: String, Sendable, CaseIterable {
  /// Throw an error that names the first such row.
  case refuse
  /// Leave such rows out, and count them.
  case skip
}
