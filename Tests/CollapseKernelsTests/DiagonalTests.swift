import CollapseKernels
import TestSupport
import Testing

@Suite("Fold kernels for second moments of features")
struct DiagonalTests {
  private typealias Group = FoldTests.Group

  private func pointer(_ numbers: UnsafePointer<Double>, if isGiven: Bool) -> UnsafePointer<Double>? {
    isGiven ? numbers : nil
  }

  @Test(
    "Squares of features are added in the promised order, and all else has the bits of the plain fold",
    arguments: Kernel.allCases, FoldTests.dimensions)
  func fold(kernel: Kernel, dimension: Int) {
    for count in 1...9 {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        var (sum, plain) = ([Double](repeating: .nan, count: dimension), [Double](repeating: .nan, count: dimension))
        var squares = sum
        let (total, expected) = group.withRows { rows in
          let lowPart = pointer(group.lowPart, if: withLowParts)
          return (
            kernel.foldDiagonal(rows, count, dimension, group.centre, lowPart, &sum, &squares, collapse_next()),
            kernel.fold(rows, count, dimension, group.centre, lowPart, &plain, collapse_next())
          )
        }
        #expect(total.bitPattern == expected.bitPattern && sum == plain)
        // Four rows at a time, and then the rest together.
        for feature in 0..<dimension {
          var found = 0.0
          for first in stride(from: 0, to: count, by: 4) {
            let residuals = group.rows[first..<min(first + 4, count)].map {
              group.residual($0, feature, withLowParts: withLowParts)
            }
            found += residuals.dropFirst().reduce(residuals[0] * residuals[0]) { $0 + $1 * $1 }
          }
          #expect(squares[feature].bitPattern == found.bitPattern, "d = \(dimension), n = \(count)")
        }
      }
    }
  }

  @Test(
    "Folding few rows in one visit gives the bits of the fold and the steps", arguments: Kernel.allCases,
    FoldTests.dimensions)
  func fewRows(kernel: Kernel, dimension: Int) {
    for count in 1...4 {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        var (sum, squares) = ([Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension))
        var (centre, lowPart, plain, plainLowPart) = (group.centre, group.lowPart, group.centre, group.lowPart)
        let start = (0..<dimension).map { Double($0 % 5) / 8 }
        var (diagonal, expected) = (start, start)
        group.withRows { rows in
          _ = kernel.foldDiagonal(
            rows, count, dimension, group.centre, pointer(group.lowPart, if: withLowParts), &sum, &squares,
            collapse_next())
          let few =
            withLowParts
            ? kernel.foldFewDiagonal(rows, count, dimension, &centre, &lowPart, &diagonal, 7, collapse_next())
            : kernel.foldFewDiagonal(rows, count, dimension, &centre, nil, &diagonal, 7, collapse_next())
          let other =
            withLowParts
            ? kernel.foldFew(rows, count, dimension, &plain, &plainLowPart, 7, collapse_next())
            : kernel.foldFew(rows, count, dimension, &plain, nil, 7, collapse_next())
          #expect(few.squares.bitPattern == other.squares.bitPattern)
          #expect(few.squared_sum.bitPattern == other.squared_sum.bitPattern)
        }
        collapse_diagonal_step(&expected, squares, sum, dimension, 7)
        #expect(diagonal.map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(centre == plain && lowPart == plainLowPart)
      }
    }
  }

  @Test("The step adds squares − sum²/total, and rounding never makes it negative", arguments: FoldTests.dimensions)
  func step(dimension: Int) {
    var random = SeededGenerator(dimension)
    let (start, sum) = (random.numbers(dimension, in: 0...9), random.numbers(dimension))
    let squares = sum.map { $0 * $0 * 3 }
    var diagonal = start
    collapse_diagonal_step(&diagonal, squares, sum, dimension, 7)
    for feature in 0..<dimension {
      let share = sum[feature] * (1.0 / 7)
      #expect(diagonal[feature] == start[feature] + (squares[feature] - share * sum[feature]))
    }
    var none = [Double](repeating: 0, count: dimension)
    // Rows of one number x: n·x² − (n·x)²/n, a little off.
    collapse_diagonal_step(&none, sum.map { $0 * $0 / 7 * (1 - 1e-15) }, sum, dimension, 7)
    #expect(none == [Double](repeating: 0, count: dimension))
  }

  @Test("Sums whose squares exceed Float64 do not erase second moments that fit")
  func large() {
    var diagonal = [1e300]
    collapse_diagonal_step(&diagonal, [1e302], [1e155], 1, 1e10)
    #expect(agree(diagonal[0], 1.01e302 - 1e300, scale: 1e302))
  }
}

extension Kernel {
  typealias FoldDiagonal =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>?, Int, Int, UnsafePointer<Double>?, UnsafePointer<Double>?,
      UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?, collapse_next
    ) -> Double
  typealias FoldFewDiagonal =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>?, Int, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?,
      UnsafeMutablePointer<Double>?, Double, collapse_next
    ) -> collapse_squares

  var foldDiagonal: FoldDiagonal {
    switch self {
    case .f16: collapse_fold_diagonal_f16
    case .bf16: collapse_fold_diagonal_bf16
    case .f32: collapse_fold_diagonal_f32
    case .f64: collapse_fold_diagonal_f64
    }
  }

  var foldFewDiagonal: FoldFewDiagonal {
    switch self {
    case .f16: collapse_fold_few_diagonal_f16
    case .bf16: collapse_fold_few_diagonal_bf16
    case .f32: collapse_fold_few_diagonal_f32
    case .f64: collapse_fold_few_diagonal_f64
    }
  }
}
