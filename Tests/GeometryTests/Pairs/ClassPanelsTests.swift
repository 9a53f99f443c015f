import Testing

@testable import Geometry
@testable import Moments

@Suite("Panels of class means")
struct ClassPanelsTests {
  /// Means of small integers that add up to zero, so that all products are exact.
  private func means(_ classes: Int, _ dimension: Int) throws -> CentredMeans {
    var rows = [[Double]](repeating: .init(repeating: 0, count: dimension), count: classes)
    for j in 0..<dimension {
      for c in 0..<classes - 1 {
        let number = (j + 2) * (c + 1) % 11 - 5
        rows[c][j] = Double(number)
        rows[classes - 1][j] -= Double(number)
      }
    }
    let means = try MomentsTable(means: rows, m2: (0..<classes).map { Double(2 * $0) }).centred()
    #expect(means.centred.vectors == rows)
    return means
  }

  @Test(
    "Products are those of the means, on and off the diagonal, for any number of threads",
    arguments: [(8, 1), (9, 3), (21, 5), (24, 300)])
  func products(classes: Int, dimension: Int) throws {
    let means = try means(classes, dimension)
    let vectors = means.centred.vectors
    for threads in [1, 3] {
      let panels = try ClassPanels(means, threads: threads)
      for (rows, columns) in [(0..<classes, 0..<classes), (0..<8, 8..<classes)] where !columns.isEmpty {
        let stride = ClassPanels.padded(columns.count)
        var product = [Double](repeating: .nan, count: ClassPanels.padded(rows.count) * stride)
        panels.multiply(rows, columns, into: &product)
        var wrong = 0
        for a in rows {
          for b in columns where rows.lowerBound != columns.lowerBound || b >= a {
            let place = (a - rows.lowerBound) * stride + b - columns.lowerBound
            if product[place] != inner(vectors[a], vectors[b]) { wrong += 1 }
          }
        }
        #expect(wrong == 0)
      }
    }
  }

  @Test("Squares, inverses and variances follow, with zeros up to eight")
  func beside() throws {
    let means = try means(11, 4)
    let panels = try ClassPanels(means, threads: 2)
    let side = panels.classes(8..<11)
    #expect(side.count == 3)
    for (offset, c) in (8..<16).enumerated() {
      let isClass = c < 11
      let square = isClass ? inner(means.centred.vectors[c], means.centred.vectors[c]) : 0
      #expect(deviation(side.squares[offset], square) < 1e-15)
      #expect(deviation(side.inverses[offset], isClass ? 1 / square.squareRoot() : 0) < 1e-15)
      // Two samples each.
      #expect(side.variances[offset] == (isClass ? Double(c) : 0))
    }
  }

  @Test("Sizes are rounded up to eight")
  func padded() {
    #expect([0, 1, 8, 9, 191, 192].map(ClassPanels.padded) == [0, 8, 8, 16, 192, 192])
  }
}
