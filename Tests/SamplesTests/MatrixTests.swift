import Testing

@testable import Samples

@Suite("Matrix")
struct MatrixTests {
  private let matrix = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6])

  @Test("Elements are row-major")
  func layout() {
    #expect(matrix[0, 0] == 1 && matrix[0, 1] == 2 && matrix[2, 0] == 5)
    #expect(Array(matrix[row: 1]) == [3, 4])
  }

  @Test("A new matrix is zero, and elements can be set")
  func set() throws {
    var zero = try Matrix(rows: 2, columns: 2)
    #expect(zero.elements == [0, 0, 0, 0])
    zero[1, 0] = 7
    #expect(zero.elements == [0, 0, 7, 0])
    zero.withUnsafeMutableElements { $0[3] = 9 }
    #expect(zero.withUnsafeElements { Array($0) } == [0, 0, 7, 9])
  }

  @Test("A matrix can be filled in place, and if the fill throws there is none")
  func filled() throws {
    struct Refusal: Error {}
    #expect(
      try Matrix(rows: 2, columns: 3) { for index in $0.indices { $0[index] = Double(index) } }.elements == [
        0, 1, 2, 3, 4, 5,
      ])
    #expect(throws: Refusal.self) { try Matrix(rows: 1, columns: 1) { _ in throw Refusal() } }
  }

  @Test("Rows are selected in the requested order, and may repeat")
  func selecting() throws {
    #expect(try matrix.selecting([2, 0, 2]) == Matrix(rows: 3, columns: 2, elements: [5, 6, 1, 2, 5, 6]))
    #expect(try matrix.selecting([]) == Matrix(rows: 0, columns: 2))
  }

  @Test("A matrix without rows or columns is empty")
  func empty() throws {
    #expect(try Matrix(rows: 0, columns: 5).elements.isEmpty)
    #expect(try Matrix(rows: 5, columns: 0)[row: 4].isEmpty)
  }
}
