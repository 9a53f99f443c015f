import Moments
import Samples
import Support

extension StateReader {
  /// Some classes of the state as a table, without the scatter; and n_c and M2_c of all classes.
  ///
  /// The whole state is read and checked, one run of classes at a time. Checks for cancellation after each.
  ///
  /// - Parameter tokens: token ids of classes of the state, ascending.
  /// - Throws: `OutOfMemory` too.
  package func classes(of tokens: [Int32]) throws -> (table: MomentsTable, counts: [Int], m2: [Double]) {
    let numbers = tokens.count * dimension
    try MappedMemory.check(
      numbers * (keepsLowParts ? 2 : 1), of: Double.self,
      for: "\(tokens.count) class means of dimension \(dimension)")
    var (counts, m2): ([Int], [Double]) = ([], [])
    var (means, lowParts): ([Double], [Double]) = ([], [])
    means.reserveCapacity(numbers)
    if keepsLowParts { lowParts.reserveCapacity(numbers) }
    var selected: (counts: [Int], m2: [Double]) = ([], [])
    var wanted = tokens[...]
    try read {
      try Task.checkCancellation()
      counts += $0.counts
      m2 += $0.m2
      for (row, token) in $0.tokens.enumerated() where token == wanted.first {
        wanted = wanted.dropFirst()
        selected.counts.append($0.counts[row])
        selected.m2.append($0.m2[row])
        means += $0.means[row: row]
        if let lowPart = $0.lowPart { lowParts += lowPart[row: row] }
      }
    }
    guard wanted.isEmpty else {
      throw StateFormat.file.bad(
        name, "/classes/token", "the file as it was at first", "no token \(wanted.first ?? 0)",
        "do not change states while they are compared")
    }
    func matrix(_ elements: [Double]) -> Matrix {
      Matrix(rows: tokens.count, columns: dimension, elements: elements)
    }
    return (
      MomentsTable(
        tokens: tokens, counts: selected.counts, means: matrix(means),
        lowPart: keepsLowParts ? matrix(lowParts) : nil, m2: selected.m2),
      counts, m2
    )
  }
}
