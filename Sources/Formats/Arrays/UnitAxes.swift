/// Shapes without the axes of extent 1 that exporters leave in. Dropping them changes neither elements nor their order.
enum UnitAxes {
  /// One element per row: `[n, 1]` and `[1, n]` become `[n]`. Other shapes stay as they are.
  static func vector(_ shape: [Int]) -> [Int] {
    guard shape.count > 1 else { return shape }
    let extents = shape.filter { $0 != 1 }
    return extents.count <= 1 ? [extents.first ?? 1] : shape
  }

  /// Features of a known number of rows: `[rows, 1, d]`, `[1, rows, d]` and `[rows, d, 1]` become `[rows, d]`. Other
  /// shapes stay as they are.
  static func matrix(_ shape: [Int], rows: Int) -> [Int] {
    guard shape.count > 2 else { return shape }
    let extents = shape.filter { $0 != 1 }
    let columns = rows == 1 ? extents[...] : extents.dropFirst()
    guard rows == 1 || extents.first == rows, columns.count <= 1 else { return shape }
    return [rows, columns.first ?? 1]
  }

  /// Token ids by position: `[n, 1]` becomes `[n]`, and `[s, 1, n]`, `[1, s, n]` and `[s, n, 1]` become `[s, n]`.
  ///
  /// `[1, n]` stays: it is one sequence.
  static func tokens(_ shape: [Int]) -> [Int] {
    guard let first = shape.first else { return shape }
    let kept = [first] + shape.dropFirst().filter { $0 != 1 }
    return kept.count > 2 && first == 1 ? Array(kept.dropFirst()) : kept
  }

  /// Features by position: `[n, 1, d]` becomes `[n, d]`; `[s, n, 1, d]`, `[1, s, n, d]` and `[s, n, d, 1]` become
  /// `[s, n, d]`.
  ///
  /// `[1, n, d]` stays: it is one sequence.
  static func positions(_ shape: [Int]) -> [Int] {
    guard shape.count > 2, let first = shape.first, let last = shape.last else { return shape }
    var kept = [first] + shape[1..<shape.count - 1].filter { $0 != 1 } + [last]
    if kept.count > 3, first == 1 { kept.removeFirst() }
    if kept.count > 3, last == 1 { kept.removeLast() }
    return kept
  }

  /// Advice for features by position with more than one vector per position.
  static func joining(_ shape: [Int]) -> String {
    "pick one vector per position, as in x[:, :, 0], or join them: x.reshape(\(shape[0]), \(shape[1]), -1)"
  }
}
