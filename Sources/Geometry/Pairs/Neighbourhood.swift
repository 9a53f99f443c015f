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

  /// What the kernel found among `pairs` others, regular or not, the first of which is class `first`.
  init(_ found: PairTileFindings.Neighbours, pairs: Int, first: Int) {
    cdnvSum = found.cdnv
    cdnvPairs = pairs
    guard found.nearest >= 0 else { return }
    nearest = first + found.nearest
    coherence = found.coherence
  }

  mutating func fold(_ pair: Pair, other: Int) {
    let cdnv = ClassDistanceNormalizedVariance().value(pair)
    if cdnv.isFinite {
      cdnvSum += cdnv
      cdnvPairs += 1
    }
    if !pair.cosine.isNaN { consider(other, pair.cosine) }
  }

  /// Takes a pair that the kernel counted among its pairs and left out of all else.
  mutating func replace(_ pair: Pair, other: Int) {
    cdnvPairs -= 1
    fold(pair, other: other)
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
