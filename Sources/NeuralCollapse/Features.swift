import Samples

/// The number type of stored features. All computation is in Float64, to which every type converts exactly.
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

/// A number type for features in memory: `Float16`, `Float` or `Double`. Do not conform other types to it.
///
/// Pass bfloat16 features as their bits, in `UInt16`, to the methods with a `bfloat16` parameter.
public protocol FeatureElement: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// The same type, as stored.
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

/// What to do with a row that contains a NaN or infinite feature.
public enum NonfiniteRows: String, Sendable, CaseIterable {
  /// Throw an error that names the first such row.
  case refuse
  /// Skip such rows, and count them.
  case skip
}
