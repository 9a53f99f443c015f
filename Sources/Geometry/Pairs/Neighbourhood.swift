/// How one class relates to the others: its mean CDNV to them, and the class with the nearest direction.
struct Neighbourhood: Sendable, Equatable {
  /// Sum and count over the others with a finite CDNV.
  private var cdnvSum = 0.0
  private var cdnvPairs = 0
  /// Row of the other class with the largest ⟨û_c, û_c′⟩; ties go to the smallest token.
  private(set) var nearest: Int?
  /// That largest ⟨û_c, û_c′⟩.
  private(set) var coherence: Double?

  init() {}

  /// From what the kernel found among `pairs` other classes, regular or not; the first of them is class `first`.
  init(_ found: PairTileResult.Neighbours, pairs: Int, first: Int) {
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

  /// Folds a pair that the kernel counted but left out of everything else.
  mutating func replace(_ pair: Pair, other: Int) {
    cdnvPairs -= 1
    fold(pair, other: other)
  }

  mutating func merge(_ part: Neighbourhood) {
    cdnvSum += part.cdnvSum
    cdnvPairs += part.cdnvPairs
    if let other = part.nearest, let cosine = part.coherence { consider(other, cosine) }
  }

  /// Mean CDNV to the others; nil if it is finite for none of them.
  var meanCDNV: Double? { cdnvPairs > 0 ? cdnvSum / Double(cdnvPairs) : nil }

  private mutating func consider(_ other: Int, _ cosine: Double) {
    if let nearest, let coherence, (coherence, -nearest) >= (cosine, -other) { return }
    nearest = other
    coherence = cosine
  }
}
