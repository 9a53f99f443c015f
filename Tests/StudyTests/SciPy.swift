import Foundation

/// SciPy's results for random tables, written by `Fixtures/make.py`.
struct SciPy: Decodable {
  struct Case: Decodable {
    let x: [Double]
    let y: [Double]
    let given: [[Double]]
    let pearson: Double
    let spearman: Double
    let slope: Double
    let intercept: Double
    let partial: Double
  }

  /// p over all permutations.
  struct Small: Decodable {
    let x: [Double]
    let y: [Double]
    let p: Double
  }

  let tables: [Case]
  let small: [Small]

  static func read() throws -> SciPy {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/scipy.json")
    return try JSONDecoder().decode(SciPy.self, from: Data(contentsOf: file))
  }
}
