/// The measurements of each class: columns of equal length, one row per class by ascending token id.
///
/// ``ClassColumnEntry`` describes each column. If only a sample of pairs was visited, mean CDNV, the nearest class and
/// its cosine are undefined. Mean CDNV also is if every measured class has one sample.
package struct ClassTable: Sendable, Equatable {
  package let columns: [ClassColumn]

  /// - Precondition: every column has one value per class.
  package init(columns: [ClassColumn]) { self.columns = columns }

  /// - Parameter spread: columns on how the variation of each class is spread over the features.
  init(_ geometry: ClassGeometry, spread: [ClassColumn] = []) {
    let means = geometry.means
    let neighbourhoods = geometry.pairs?.neighbourhoods ?? Array(repeating: Neighbourhood(), count: means.classes)
    let knowsVariances = geometry.varianceAbsence == nil
    let alignments = geometry.alignments
    let decided = means.tokens.map { token in geometry.decisions.map { $0.classes[token] ?? Decisions.Counts() } }
    columns =
      [
        ClassColumn(.token, .integers(means.tokens.map { Int($0) })),
        ClassColumn(.count, .integers(means.counts)),
        ClassColumn(.norm, .numbers(means.norms)),
        ClassColumn(.variance, .numbers(means.variances)),
        ClassColumn(.meanCDNV, .numbers(neighbourhoods.map { knowsVariances ? $0.meanCDNV : nil })),
        ClassColumn(.nearestToken, .integers(neighbourhoods.map { $0.nearest.map { Int(means.tokens[$0]) } })),
        ClassColumn(.nearestCoherence, .numbers(neighbourhoods.map(\.coherence))),
        ClassColumn(.cosine, .numbers(alignments?.map(\.cosine) ?? means.tokens.map { _ in nil })),
        ClassColumn(.decided, .integers(decided.map { $0?.samples })),
        ClassColumn(.agreed, .integers(decided.map { $0?.hits })),
      ] + spread
  }

  package var rows: Int { columns.first?.rows ?? 0 }

  package subscript(entry: ClassColumnEntry) -> ClassColumn? { columns.first { $0.entry == entry } }

  /// The column with that name.
  package subscript(name: String) -> ClassColumn? { columns.first { $0.name == name } }

  /// Token ids of the classes, ascending.
  package var tokens: [Int] { self[.token]?.integers.compactMap { $0 } ?? [] }

  /// The table with one more column after `place`, or at the end if it has no such column.
  package func inserting(_ column: ClassColumn, after place: ClassColumnEntry) -> ClassTable {
    let index = columns.firstIndex { $0.entry == place }.map { $0 + 1 } ?? columns.endIndex
    return ClassTable(columns: columns[..<index] + [column] + columns[index...])
  }
}
