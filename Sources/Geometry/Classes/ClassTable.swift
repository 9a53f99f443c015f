/// What is measured of each class: columns of one length, a row a class by ascending token id.
///
/// | column | what |
/// | --- | --- |
/// | `token` | the token id |
/// | `count` | n_c |
/// | `norm` | ‖m_c‖ |
/// | `variance` | σ²_c |
/// | `mean_cdnv` | mean CDNV to the other classes, undefined where it is finite to none |
/// | `nearest_token` | the class with the largest ⟨û_c, û_c′⟩, of several the smallest token; undefined without a direction |
/// | `nearest_coherence` | that ⟨û_c, û_c′⟩ |
/// | `cosine` | cos(w_c, m_c), undefined without a classifier or where one of them is zero |
/// | `nc4_samples` | unseen samples of the class, undefined without decisions |
/// | `nc4_hits` | those of them on which classifier and nearest mean agree |
///
/// Where not all pairs were looked at, `mean_cdnv`, `nearest_token` and `nearest_coherence` are undefined.
public struct ClassTable: Sendable, Equatable {
  public let columns: [ClassColumn]

  /// - Precondition: every column has a value a class.
  init(columns: [ClassColumn]) { self.columns = columns }

  init(_ geometry: ClassGeometry) {
    let means = geometry.means
    let neighbourhoods = geometry.pairs?.neighbourhoods ?? Array(repeating: Neighbourhood(), count: means.classes)
    let alignments = geometry.alignments
    let decided = means.tokens.map { token in geometry.decisions.map { $0.classes[token] ?? Decisions.Counts() } }
    columns = [
      ClassColumn("token", .integers(means.tokens.map { Int($0) })),
      ClassColumn("count", .integers(means.counts)),
      ClassColumn("norm", .numbers(means.norms)),
      ClassColumn("variance", .numbers(means.variances)),
      ClassColumn("mean_cdnv", .numbers(neighbourhoods.map(\.meanCDNV))),
      ClassColumn("nearest_token", .integers(neighbourhoods.map { $0.nearest.map { Int(means.tokens[$0]) } })),
      ClassColumn("nearest_coherence", .numbers(neighbourhoods.map(\.coherence))),
      ClassColumn("cosine", .numbers(alignments?.map(\.cosine) ?? means.tokens.map { _ in nil })),
      ClassColumn("nc4_samples", .integers(decided.map { $0?.samples })),
      ClassColumn("nc4_hits", .integers(decided.map { $0?.hits })),
    ]
  }

  /// The column of that name.
  public subscript(name: String) -> ClassColumn? { columns.first { $0.name == name } }

  /// Token ids of the classes, ascending.
  public var tokens: [Int] { self["token"]?.integers.compactMap { $0 } ?? [] }

  /// With one more column after that of the name `place`, or at the end where there is none.
  public func inserting(_ column: ClassColumn, after place: String) -> ClassTable {
    let index = columns.firstIndex { $0.name == place }.map { $0 + 1 } ?? columns.endIndex
    return ClassTable(columns: columns[..<index] + [column] + columns[index...])
  }

  /// Comma-separated, a header line first; undefined values are empty.
  public var csv: String {
    let fields = columns.map(\.fields)
    var csv = columns.map(\.name).joined(separator: ",") + "\n"
    for row in 0..<(fields.first?.count ?? 0) {
      csv += fields.map { $0[row] }.joined(separator: ",") + "\n"
    }
    return csv
  }
}
