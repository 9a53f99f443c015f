import CollapseKernels
import TestSupport
import Testing

@Suite("Fold kernels")
struct FoldTests {
  static let dimensions = [1, 3, 15, 16, 17, 64, 100]

  /// A group of rows of a small block, with a centre and a carry near its mean.
  struct Group {
    let bytes: [UInt8]
    /// [rows][dimension]
    let values: [[Double]]
    let rows: [UInt32]
    let centre: [Double]
    let lowPart: [Double]

    init(_ kernel: Kernel, dimension: Int, count: Int) {
      var random = SeededGenerator(dimension * 16 + count)
      let (bytes, values) = kernel.store(random.numbers(12 * dimension))
      self.bytes = bytes
      self.values = (0..<12).map { Array(values[$0 * dimension..<($0 + 1) * dimension]) }
      rows = (0..<count).map { _ in UInt32.random(in: 0..<12, using: &random) }
      centre = random.numbers(dimension)
      lowPart = random.numbers(dimension, in: -1e-3...1e-3)
    }

    /// Calls `body` with the start of each row, which is one byte off every alignment.
    func withRows<Result>(_ body: (UnsafePointer<UnsafeRawPointer?>?) -> Result) -> Result {
      let shifted = [0] + bytes
      return shifted.withUnsafeBytes { all in
        let starts = rows.map { row in all.baseAddress.map { $0 + 1 + Int(row) * bytes.count / 12 } }
        return starts.withUnsafeBufferPointer { body($0.baseAddress) }
      }
    }

    func residual(_ row: UInt32, _ feature: Int, withLowParts: Bool) -> Double {
      (values[Int(row)][feature] - centre[feature]) - (withLowParts ? lowPart[feature] : 0)
    }
  }

  /// - Parameters:
  ///   - count: rows to fold; nil for all of the group.
  ///   - next: the rows to prefetch.
  private func fold(
    _ kernel: Kernel, _ group: Group, first count: Int? = nil, withLowParts: Bool, next: collapse_next = collapse_next()
  ) -> (squares: Double, sum: [Double]) {
    let (dimension, count) = (group.centre.count, count ?? group.rows.count)
    var sum = [Double](repeating: .nan, count: dimension)
    let squares = group.withRows { rows in
      withLowParts
        ? kernel.fold(rows, count, dimension, group.centre, group.lowPart, &sum, next)
        : kernel.fold(rows, count, dimension, group.centre, nil, &sum, next)
    }
    return (squares, sum)
  }

  @Test("Folding a group gives its sums and its squares about the centre", arguments: Kernel.allCases, dimensions)
  func againstBruteForce(kernel: Kernel, dimension: Int) {
    for count in 1...9 {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        let (squares, sum) = fold(kernel, group, withLowParts: withLowParts)
        var expectedSquares = 0.0
        for feature in 0..<dimension {
          let residuals = group.rows.map { group.residual($0, feature, withLowParts: withLowParts) }
          let size = residuals.reduce(0) { $0 + abs($1) }
          #expect(agree(sum[feature], residuals.reduce(0, +), scale: size), "d = \(dimension), n = \(count)")
          expectedSquares += residuals.reduce(0) { $0 + $1 * $1 }
        }
        #expect(agree(squares, expectedSquares, scale: expectedSquares), "d = \(dimension), n = \(count)")
      }
    }
  }

  @Test("Additions happen in the promised order, to the last bit", arguments: Kernel.allCases, dimensions)
  func orderOfAdditions(kernel: Kernel, dimension: Int) {
    for count in 1...9 {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        var lanes = [Double](repeating: 0, count: 16)
        var expected = [Double](repeating: 0, count: dimension)
        // Four rows at a time, then the rest: within a lane, features of these rows come before the next features;
        // sums of these rows are added to those of the rows before.
        for (number, rows) in runs(group.rows).enumerated() {
          for feature in 0..<dimension {
            let residuals = rows.map { group.residual($0, feature, withLowParts: withLowParts) }
            for residual in residuals { lanes[feature % 16] += residual * residual }
            let sum = residuals.dropFirst().reduce(residuals[0], +)
            expected[feature] = number == 0 && rows.count == 4 ? sum : expected[feature] + sum
          }
        }
        let (squares, sum) = fold(kernel, group, withLowParts: withLowParts)
        #expect(sum.map(\.bitPattern) == expected.map(\.bitPattern), "d = \(dimension), n = \(count)")
        #expect(squares.bitPattern == sumOfLanes(lanes).bitPattern, "d = \(dimension), n = \(count)")
      }
    }
  }

  private func runs(_ rows: [UInt32]) -> [ArraySlice<UInt32>] {
    let whole = rows.count / 4 * 4
    return stride(from: 0, to: whole, by: 4).map { rows[$0..<$0 + 4] }
      + (whole < rows.count ? [rows[whole...]] : [])
  }

  @Test("A group of no rows folds to zero")
  func noRows() {
    var sum = [1.0, 2.0, 3.0]
    #expect(collapse_fold_f32([], 0, 3, [0, 0, 0], nil, &sum, collapse_next()) == 0)
    #expect(sum == [0, 0, 0])
  }

  @Test(
    "Residuals are the rows minus the centre, the carry and a share of a sum, to the last bit",
    arguments: Kernel.allCases, dimensions)
  func residuals(kernel: Kernel, dimension: Int) {
    for count in [1, 4, 9] {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        var out = [Double](repeating: .nan, count: count * dimension)
        let sum = Array(group.centre.reversed())
        group.withRows { rows in
          if withLowParts {
            kernel.residuals(rows, count, dimension, group.centre, group.lowPart, sum, 0.3, &out)
          } else {
            kernel.residuals(rows, count, dimension, group.centre, nil, sum, 0.3, &out)
          }
        }
        let expected = group.rows.flatMap { row in
          (0..<dimension).map { group.residual(row, $0, withLowParts: withLowParts) - 0.3 * sum[$0] }
        }
        #expect(out.map(\.bitPattern) == expected.map(\.bitPattern))
      }
    }
  }

  @Test("Folding few rows in one visit gives the bits of the fold and the step", arguments: Kernel.allCases, dimensions)
  func fewRows(kernel: Kernel, dimension: Int) {
    for count in 1...4 {
      let group = Group(kernel, dimension: dimension, count: count)
      for withLowParts in [false, true] {
        let (squares, sum) = fold(kernel, group, withLowParts: withLowParts)
        var (centre, lowPart) = (group.centre, group.lowPart)
        var (expected, expectedLowPart) = (group.centre, group.lowPart)
        let found = group.withRows { rows in
          withLowParts
            ? kernel.foldFew(rows, count, dimension, &centre, &lowPart, 7, collapse_next())
            : kernel.foldFew(rows, count, dimension, &centre, nil, 7, collapse_next())
        }
        let squaredSum =
          withLowParts
          ? collapse_welford_step(&expected, &expectedLowPart, sum, dimension, 7)
          : collapse_welford_step(&expected, nil, sum, dimension, 7)
        #expect(found.squares.bitPattern == squares.bitPattern)
        #expect(found.squared_sum.bitPattern == squaredSum.bitPattern)
        #expect(centre == expected)
        #expect(lowPart == expectedLowPart)
      }
    }
  }

  @Test("Prefetching the next rows changes no bit", arguments: Kernel.allCases, dimensions)
  func next(kernel: Kernel, dimension: Int) {
    for count in 1...9 {
      let group = Group(kernel, dimension: dimension, count: count + 5)
      let (other, otherLowPart) = (Array(group.centre.reversed()), Array(group.lowPart.reversed()))
      for (following, withLowParts) in [(0, false), (1, true), (3, false), (5, true)] {
        other.withUnsafeBufferPointer { other in
          otherLowPart.withUnsafeBufferPointer { otherLowPart in
            let next = collapse_next(
              rows: following, centre: other.baseAddress, low_part: withLowParts ? otherLowPart.baseAddress : nil,
              diagonal: nil)
            let alone = fold(kernel, group, first: count, withLowParts: withLowParts)
            let followed = fold(kernel, group, first: count, withLowParts: withLowParts, next: next)
            #expect(followed.squares.bitPattern == alone.squares.bitPattern)
            #expect(followed.sum.map(\.bitPattern) == alone.sum.map(\.bitPattern))
            guard count <= 4 else { return }
            var (centre, lowPart) = (group.centre, group.lowPart)
            let few = group.withRows { rows in
              withLowParts
                ? kernel.foldFew(rows, count, dimension, &centre, &lowPart, 7, next)
                : kernel.foldFew(rows, count, dimension, &centre, nil, 7, next)
            }
            #expect(few.squares.bitPattern == alone.squares.bitPattern)
          }
        }
      }
    }
  }

  @Test("The Welford step moves the centre by sum / total and returns ‖sum‖²", arguments: dimensions)
  func welfordStep(dimension: Int) {
    var random = SeededGenerator(dimension)
    let centre = random.numbers(dimension)
    let sum = random.numbers(dimension)
    var lanes = [Double](repeating: 0, count: 16)
    for feature in 0..<dimension { lanes[feature % 16] += sum[feature] * sum[feature] }

    var plain = centre
    let squares = collapse_welford_step(&plain, nil, sum, dimension, 7)
    #expect(squares.bitPattern == sumOfLanes(lanes).bitPattern)
    #expect(plain == zip(centre, sum).map { $0 + $1 * (1.0 / 7) })

    var carried = centre
    var lowPart = [Double](repeating: 0, count: dimension)
    #expect(collapse_welford_step(&carried, &lowPart, sum, dimension, 7) == squares)
    #expect(carried == plain)
  }

  @Test("With a carry, centre + carry is exactly the old one + sum / total, if two doubles can hold it")
  func exactStep() {
    // 1 + k·2⁻⁷⁰ has 71 bits: too many for one double, few enough for two.
    var centre = [1.0]
    var lowPart = [0.0]
    let tiny = 0x1p-70
    for _ in 0..<100_000 { collapse_welford_step(&centre, &lowPart, [tiny * 8], 1, 8) }
    #expect(centre == [1] && lowPart == [100_000 * tiny])

    var lost = [1.0]
    for _ in 0..<100_000 { collapse_welford_step(&lost, nil, [tiny * 8], 1, 8) }
    #expect(lost == [1])
  }

  @Test("Adding 10⁻²⁰ to 1 a hundred thousand times loses only the rounding of the carry")
  func tinySteps() {
    var centre = [1.0]
    var lowPart = [0.0]
    for _ in 0..<100_000 { collapse_welford_step(&centre, &lowPart, [1e-20], 1, 1) }
    // 10⁻¹⁵ is more than one unit in the last place of 1, so part of it has moved from the carry to the centre.
    #expect(abs(lowPart[0]) <= centre[0].ulp / 2)
    #expect(agree((centre[0] - 1) + lowPart[0], 1e-15, relative: 1e-11, scale: 1e-15))

    var lost = [1.0]
    for _ in 0..<100_000 { collapse_welford_step(&lost, nil, [1e-20], 1, 1) }
    #expect(lost == [1])
  }

  @Test("The carry is exactly the rounding error of the centre, even if the step is larger")
  func twoSum() {
    for (start, step) in [(0.1, 0.2), (1e16, 1.0), (1.0, 1e16), (-3.0, 3.0), (1e-300, 1e300), (0.0, 0.7)] {
      var centre = [start]
      var lowPart = [0.0]
      collapse_welford_step(&centre, &lowPart, [step], 1, 1)
      let sum = start + step
      #expect(centre == [sum])
      // Dekker's error of a sum is exact if the larger addend comes first.
      let (large, small) = abs(start) >= abs(step) ? (start, step) : (step, start)
      #expect(lowPart == [small - (sum - large)])
    }
  }

  @Test("The difference is a − b with both carries, and so is its squared norm", arguments: dimensions)
  func difference(dimension: Int) {
    var random = SeededGenerator(100 + dimension)
    let a = random.numbers(dimension)
    let b = random.numbers(dimension)
    let aLowPart = random.numbers(dimension, in: -1e-17...1e-17)
    let bLowPart = random.numbers(dimension, in: -1e-17...1e-17)
    func expect(_ out: [Double], _ squares: Double, _ low: (Int) -> Double) {
      let expected = (0..<dimension).map { (a[$0] - b[$0]) + low($0) }
      #expect(out == expected)
      let size = expected.reduce(0) { $0 + $1 * $1 }
      #expect(agree(squares, size, scale: size))
    }
    var out = [Double](repeating: .nan, count: dimension)
    var squares = collapse_difference(a, nil, b, nil, dimension, &out)
    expect(out, squares) { _ in 0 }
    squares = collapse_difference(a, aLowPart, b, bLowPart, dimension, &out)
    expect(out, squares) { aLowPart[$0] - bLowPart[$0] }
    squares = collapse_difference(a, aLowPart, b, nil, dimension, &out)
    expect(out, squares) { aLowPart[$0] }
    squares = collapse_difference(a, nil, b, bLowPart, dimension, &out)
    expect(out, squares) { -bLowPart[$0] }
  }

  @Test("Two nearly equal centres differ by their carries")
  func differenceOfLowParts() {
    var out = [0.0]
    #expect(collapse_difference([1], [0x1p-70], [1], [-0x1p-70], 1, &out) == 0x1p-138)
    #expect(out == [0x1p-69])
  }
}
