/// What one class is to the others: its mean CDNV to them, and the class whose direction is nearest.
struct Neighbourhood: Sendable, Equatable {
  /// Over the others to which the CDNV is finite.
  private var cdnvSum = 0.0
  private var cdnvPairs = 0
  /// Row of the other class with the largest ⟨û_c, û_c′⟩; of several, the one of the smallest token.
  private(set) var nearest: Int?
  /// That largest ⟨û_c, û_c′⟩.
  private(set) var coherence: Double?

  init() {}

  mutating func fold(_ pair: Pair, cdnv: Double, other: Int) {
    if cdnv.isFinite {
      cdnvSum += cdnv
      cdnvPairs += 1
    }
    if !pair.cosine.isNaN { consider(other, pair.cosine) }
  }

  mutating func merge(_ part: Neighbourhood) {
    cdnvSum += part.cdnvSum
    cdnvPairs += part.cdnvPairs
    if let other = part.nearest, let cosine = part.coherence { consider(other, cosine) }
  }

  /// Mean CDNV to the others, nil where it is finite to none.
  var meanCDNV: Double? { cdnvPairs > 0 ? cdnvSum / Double(cdnvPairs) : nil }

  private mutating func consider(_ other: Int, _ cosine: Double) {
    if let nearest, let coherence, (coherence, -nearest) >= (cosine, -other) { return }
    nearest = other
    coherence = cosine
  }
}
