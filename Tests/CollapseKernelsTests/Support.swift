import CollapseKernels
import TestSupport

/// The storage types under the names of the kernels, with the kernels of each.
enum Kernel: CaseIterable {
  case f16, bf16, f32, f64

  typealias Fold =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>?, Int, Int, UnsafePointer<Double>?, UnsafePointer<Double>?,
      UnsafeMutablePointer<Double>?, collapse_next
    ) -> Double
  typealias Residuals =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>?, Int, Int, UnsafePointer<Double>?, UnsafePointer<Double>?,
      UnsafePointer<Double>?, Double, UnsafeMutablePointer<Double>?
    ) -> Void

  var fold: Fold {
    switch self {
    case .f16: collapse_fold_f16
    case .bf16: collapse_fold_bf16
    case .f32: collapse_fold_f32
    case .f64: collapse_fold_f64
    }
  }

  typealias FoldFew =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>?, Int, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?, Double,
      collapse_next
    ) -> collapse_squares

  var foldFew: FoldFew {
    switch self {
    case .f16: collapse_fold_few_f16
    case .bf16: collapse_fold_few_bf16
    case .f32: collapse_fold_few_f32
    case .f64: collapse_fold_few_f64
    }
  }

  var residuals: Residuals {
    switch self {
    case .f16: collapse_residuals_f16
    case .bf16: collapse_residuals_bf16
    case .f32: collapse_residuals_f32
    case .f64: collapse_residuals_f64
    }
  }

  /// `numbers` rounded to this type: their bytes, and the doubles they stand for.
  func store(_ numbers: [Double]) -> (bytes: [UInt8], values: [Double]) {
    func bytes<Number: BitwiseCopyable>(_ stored: [Number]) -> [UInt8] { stored.withUnsafeBytes { Array($0) } }
    switch self {
    case .f16:
      let stored = numbers.map { Float16($0) }
      return (bytes(stored), stored.map { Double($0) })
    case .bf16:
      let stored = numbers.map { UInt16(Float($0).bitPattern >> 16) }
      return (bytes(stored), stored.map { Double(Float(bitPattern: UInt32($0) << 16)) })
    case .f32:
      let stored = numbers.map { Float($0) }
      return (bytes(stored), stored.map { Double($0) })
    case .f64: return (bytes(numbers), numbers)
    }
  }
}

/// Sixteen sums, one for each feature modulo sixteen, added by halves: the order every kernel promises.
func sumOfLanes(_ lanes: [Double]) -> Double {
  var lanes = lanes
  while lanes.count > 1 { lanes = (0..<lanes.count / 2).map { lanes[$0] + lanes[$0 + lanes.count / 2] } }
  return lanes[0]
}

/// Whether two numbers agree to `relative` of the size of the terms.
func agree(_ first: Double, _ second: Double, relative: Double = 1e-14, scale: Double) -> Bool {
  abs(first - second) <= relative * max(scale, .leastNormalMagnitude)
}

extension SeededGenerator {
  mutating func numbers(_ count: Int, in range: ClosedRange<Double> = -4...4) -> [Double] {
    (0..<count).map { _ in Double.random(in: range, using: &self) }
  }
}
