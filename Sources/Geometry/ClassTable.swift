import Embeddings
import Moments

/// What is measured of each class.
public struct ClassTable: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public let token: Int32
    /// n_c.
    public let count: Int
    /// ‖m_c‖.
    public let norm: Double
    /// σ²_c.
    public let variance: Double
    /// Mean CDNV to the other classes, nil where it is finite to none.
    public let meanCDNV: Double?
    /// The class with the largest ⟨û_c, û_c′⟩, of several the smallest token; nil where the class has no direction.
    public let nearestToken: Int32?
    /// That ⟨û_c, û_c′⟩.
    public let nearestCoherence: Double?
    /// cos(w_c, m_c), nil without a classifier or where one of them is zero.
    public let cosine: Double?
    /// Unseen samples of the class and those of them on which classifier and nearest mean agree, nil without decisions.
    public let decided: Decisions.Counts?
  }

  /// By ascending token id.
  public let rows: [Row]

  init(_ geometry: ClassGeometry) {
    let means = geometry.means
    let alignments = geometry.alignments
    rows = (0..<means.classes).map { c in
      let neighbourhood = geometry.pairs.neighbourhoods[c]
      return Row(
        token: means.tokens[c], count: means.counts[c], norm: means.norms[c], variance: means.variances[c],
        meanCDNV: neighbourhood.meanCDNV, nearestToken: neighbourhood.nearest.map { means.tokens[$0] },
        nearestCoherence: neighbourhood.coherence, cosine: alignments?[c].cosine,
        decided: geometry.decisions.map { $0.classes[means.tokens[c]] ?? Decisions.Counts() })
    }
  }

  /// Comma-separated, a header line first; undefined values are empty. Numbers have the fewest digits that read back the
  /// same.
  public var csv: String {
    var csv = "token,count,norm,variance,mean_cdnv,nearest_token,nearest_coherence,cosine,nc4_samples,nc4_hits\n"
    for row in rows {
      csv += "\(row.token),\(row.count),\(row.norm),\(row.variance),\(field(row.meanCDNV)),"
      csv += "\(field(row.nearestToken)),\(field(row.nearestCoherence)),\(field(row.cosine)),"
      csv += "\(field(row.decided?.samples)),\(field(row.decided?.hits))\n"
    }
    return csv
  }

  private func field(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }
}
