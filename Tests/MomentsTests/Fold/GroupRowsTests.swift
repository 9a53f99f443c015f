import CollapseKernels
import Testing

@testable import Moments
@testable import Samples

/// Small integers and halves: exact in every storage type, and so are all their sums and products.
@Suite("Rows of a group")
struct GroupRowsTests {
  private static let dimension = 19

  /// Calls `body` with rows of the type, and with their values.
  private func withRows(
    _ count: Int, _ scalar: ScalarType, _ body: (GroupRows, [[Double]]) -> Void
  ) {
    let values = (0..<count).map { row in
      (0..<Self.dimension).map { feature in
        let number = (row * 7 + feature * 5 + row * feature) % 13
        return Double(number - 6) / 2
      }
    }
    var bytes: [UInt8] = []
    for value in values.joined() {
      switch scalar {
      case .float16: bytes += withUnsafeBytes(of: Float16(value)) { Array($0) }
      case .bfloat16: bytes += withUnsafeBytes(of: UInt16(Float(value).bitPattern >> 16)) { Array($0) }
      case .float32: bytes += withUnsafeBytes(of: Float(value)) { Array($0) }
      case .float64: bytes += withUnsafeBytes(of: value) { Array($0) }
      }
    }
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      let starts = (0..<count).map { start + $0 * Self.dimension * scalar.byteCount }
      starts.withUnsafeBufferPointer {
        body(GroupRows(starts: $0, scalar: scalar, dimension: Self.dimension), values)
      }
    }
  }

  private let centre: [Double] = (0..<dimension).map { Double($0 % 5) - 1.5 }
  private let lowPart: [Double] = (0..<dimension).map { Double($0 % 3) / 4 }

  /// D = Σ(h − μ), and Q = Σ‖h − μ‖², by definition.
  private func sums(_ values: [[Double]], about mean: [Double]) -> (sum: [Double], squares: Double) {
    var (sum, squares) = ([Double](repeating: 0, count: Self.dimension), 0.0)
    for row in values {
      for (feature, value) in row.enumerated() {
        sum[feature] += value - mean[feature]
        squares += (value - mean[feature]) * (value - mean[feature])
      }
    }
    return (sum, squares)
  }

  @Test("A fold is Σ(h − μ) and Σ‖h − μ‖², with a carry and without", arguments: ScalarType.allCases, [1, 5, 300])
  func fold(scalar: ScalarType, count: Int) {
    withRows(count, scalar) { rows, values in
      #expect(rows.count == count)
      var sum = [Double](repeating: .nan, count: Self.dimension)
      let truth = sums(values, about: centre)
      #expect(rows.fold(about: centre, nil, sum: &sum) == truth.squares)
      #expect(sum == truth.sum)
      let carried = sums(values, about: zip(centre, lowPart).map { $0 + $1 })
      #expect(rows.fold(about: centre, lowPart, sum: &sum) == carried.squares)
      #expect(sum == carried.sum)
    }
  }

  @Test(
    "Few rows are folded and the mean is moved in one step: μ + D/n", arguments: ScalarType.allCases, 1...GroupRows.few)
  func few(scalar: ScalarType, count: Int) {
    withRows(count, scalar) { rows, values in
      var moved = centre
      let truth = sums(values, about: centre)
      // A power of two, so that the step is exact.
      let found = rows.foldFew(into: &moved, nil, total: 8)
      #expect(found.squares == truth.squares && found.squared_sum == truth.sum.reduce(0) { $0 + $1 * $1 })
      #expect(moved == zip(centre, truth.sum).map { $0 + $1 / 8 })
      var (first, rest) = (centre, lowPart)
      let carried = sums(values, about: zip(centre, lowPart).map { $0 + $1 })
      let other = rows.foldFew(into: &first, &rest, total: 8)
      #expect(other.squares == carried.squares)
      #expect(zip(first, rest).map { $0 + $1 } == zip(zip(centre, lowPart), carried.sum).map { $0.0 + $0.1 + $1 / 8 })
    }
  }

  @Test("Residual rows are h − μ minus their share of the sum", arguments: ScalarType.allCases)
  func residuals(scalar: ScalarType) {
    withRows(6, scalar) { rows, values in
      let sum = (0..<Self.dimension).map { Double($0) }
      var found = [Double](repeating: .nan, count: 6 * Self.dimension + 1)
      rows.residuals(about: centre, lowPart, less: 0.25, of: sum, into: &found)
      let expected = values.flatMap { row in
        row.indices.map { row[$0] - centre[$0] - lowPart[$0] - sum[$0] / 4 }
      }
      #expect(Array(found.dropLast()) == expected && found[found.count - 1].isNaN)
    }
  }

  @Test("The first row is copied, widened", arguments: ScalarType.allCases)
  func first(scalar: ScalarType) {
    withRows(3, scalar) { rows, values in
      var mean = [Double](repeating: .nan, count: Self.dimension)
      rows.copyFirst(to: &mean)
      #expect(mean == values[0])
    }
  }
}
