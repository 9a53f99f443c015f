import CollapseKernels

/// Skips candidates that a bound rules out as a row's best, so that only some of their features are multiplied.
///
/// In the basis of the candidates' own eigenvectors, ⟨x, c⟩ ≤ ⟨x₁, c₁⟩ + ‖x₂‖‖c₂‖ for leading features x₁, c₁ and the
/// rest x₂, c₂ (Cauchy and Schwarz). The rest is multiplied only for candidates whose bound reaches the row's best so
/// far. That keeps the best candidate and all that rounding cannot tell from it, and so changes no choice.
///
/// The number of leading features is chosen on rows that are already decided, by counting the candidates that would
/// remain.
struct Pruning: Sendable {
  let rotation: Rotation
  /// Features that are multiplied for every candidate.
  let leading: Int
  /// ‖c₂‖, rounded up.
  let rests: [Float]

  /// Rows whose products with all candidates are kept at a time.
  static let rowsAtOnce = 128

  /// The cost of finishing one candidate, relative to its share of a product.
  private static let finishing = 12.0
  /// The most work at which pruning is worth it, relative to all products.
  private static let worthwhile = 0.7

  /// - Parameters:
  ///   - rotated: the candidates in the basis of `rotation`.
  ///   - slice: rows in the same basis, whose best candidates are `best`.
  /// - Returns: nil if too many candidates would remain.
  init?(_ rotation: Rotation, _ rotated: SinglePrecisionRows, _ search: ProductSearch, slice: FeatureSlice, best: [Int])
  {
    let d = rotated.columns
    let plans = Set([1, 2, 3, 4, 5].map { max($0 * d / 8 / 16 * 16, 16) }).filter { $0 < d }.sorted().map { leading in
      let rests = Self.norms(rotated.elements, columns: d, from: leading)
      let share = Self.remaining(leading, rests, rotated, search, slice, best)
      return (leading, rests, cost: Double(leading) / Double(d) + Self.finishing * share)
    }
    guard let plan = plans.min(by: { $0.cost < $1.cost }), plan.cost < Self.worthwhile else { return nil }
    self.rotation = rotation
    (leading, rests) = (plan.0, plan.1)
  }

  /// ‖v₂‖ of each vector, over its features from `leading` on, rounded up.
  static func norms(_ elements: [Float], columns: Int, from leading: Int) -> [Float] {
    elements.withUnsafeBufferPointer { elements in
      stride(from: 0, to: elements.count, by: columns).map { start in
        var sum = 0.0
        for place in start + leading..<start + columns { sum += Double(elements[place]) * Double(elements[place]) }
        return Float(sum.squareRoot() * SinglePrecisionRows.slack).nextUp
      }
    }
  }

  /// The share of candidates whose bound reaches the score of a row's best.
  private static func remaining(
    _ leading: Int, _ rests: [Float], _ rotated: SinglePrecisionRows, _ search: ProductSearch, _ slice: FeatureSlice,
    _ best: [Int]
  ) -> Double {
    let (d, factors) = (rotated.columns, search.factors(slice))
    let lengths = norms(slice.elements, columns: d, from: leading)
    var products = [Float](repeating: 0, count: slice.rows.count * ProductSearch.tile)
    let scores = best.enumerated().map { number, candidate in
      slice.elements.withUnsafeBufferPointer { rows in
        rotated.elements.withUnsafeBufferPointer { candidates in
          guard let row = rows.baseAddress, let vector = candidates.baseAddress else { return Float(0) }
          return collapse_dot_f32(row + number * d, vector + candidate * d, d) + factors[number]
            * search.offsets[candidate]
        }
      }
    }
    var remaining = 0
    for start in stride(from: 0, to: rotated.rows, by: ProductSearch.tile) {
      let width = min(ProductSearch.tile, rotated.rows - start)
      ProductSearch.multiply(
        slice, rotated, start..<start + width, leading: leading, into: &products)
      for number in 0..<slice.rows.count {
        for place in 0..<width {
          let bound =
            products[number * width + place] + factors[number] * search.offsets[start + place]
            + lengths[number] * rests[start + place]
          if bound >= scores[number] { remaining += 1 }
        }
      }
    }
    return Double(remaining) / Double(max(slice.rows.count * rotated.rows, 1))
  }
}

extension ProductSearch {
  /// Searches with pruning; see ``Pruning``.
  func choose(
    _ slice: FeatureSlice, _ pruning: Pruning, row: (Int) -> UnsafePointer<Double>, isCancelled: () -> Bool,
    into choices: UnsafeMutablePointer<Int32>
  ) -> Int {
    let turned = pruning.rotation.rotate(slice)
    return stride(from: 0, to: turned.rows.count, by: Pruning.rowsAtOnce).reduce(0) { close, start in
      let few = start..<min(start + Pruning.rowsAtOnce, turned.rows.count)
      return close
        + choose(
          FeatureSlice(turned, few), pruning, finishing: { row(start + $0) }, isCancelled: isCancelled,
          into: choices + start)
    }
  }

  /// The same for a few rows in the rotated basis. It keeps their products with all candidates and finishes the most
  /// promising candidate first, so that few others reach its score.
  private func choose(
    _ slice: FeatureSlice, _ pruning: Pruning, finishing row: (Int) -> UnsafePointer<Double>, isCancelled: () -> Bool,
    into choices: UnsafeMutablePointer<Int32>
  ) -> Int {
    let (count, d, leading) = (slice.rows.count, candidates.columns, pruning.leading)
    let (factors, lengths) = (factors(slice), Pruning.norms(slice.elements, columns: d, from: leading))
    let tiles = stride(from: 0, to: candidates.rows, by: Self.tile).map { $0..<min($0 + Self.tile, candidates.rows) }
    var contenders = Contenders(margins: margins(slice))
    var likely = [(sum: Float, tile: Int)](repeating: (-.infinity, 0), count: count)
    let all = UnsafeMutablePointer<Float>.allocate(capacity: count * candidates.rows)
    defer { all.deallocate() }
    for (index, tile) in tiles.enumerated() {
      if isCancelled() { return 0 }
      multiply(slice, tile, leading: leading, into: all + tile.lowerBound * count)
      for number in 0..<count {
        let products = all + tile.lowerBound * count + number * tile.count
        withPointers(slice, pruning, row: number, candidate: tile.lowerBound) { _, _, offsets, _ in
          let greatest = collapse_greatest_sum(products, offsets, factors[number], tile.count)
          if greatest > likely[number].sum { likely[number] = (greatest, index) }
        }
      }
    }
    for number in 0..<count {
      let (factor, length) = (factors[number], lengths[number])
      for (step, tile) in ([tiles[likely[number].tile]] + tiles).enumerated() {
        let products = all + tile.lowerBound * count + number * tile.count
        withPointers(slice, pruning, row: number, candidate: tile.lowerBound) { vector, candidate, offsets, rests in
          func sum(_ place: Int) -> Float { products[place] + factor * offsets[place] }
          func score(_ place: Int) -> Float {
            sum(place) + collapse_dot_f32(vector + leading, candidate + place * d + leading, d - leading)
          }
          if step == 0 {
            let best = (0..<tile.count).first { sum($0) >= likely[number].sum }
            contenders.raise(number, to: score(best ?? 0))
            return
          }
          let greatest = collapse_greatest_bound(products, offsets, factor, rests, length, tile.count)
          guard greatest >= contenders.thresholds[number] else { return }
          for place in 0..<tile.count where sum(place) + length * rests[place] >= contenders.thresholds[number] {
            let score = score(place)
            contenders.raise(number, to: score)
            guard score >= contenders.thresholds[number] else { continue }
            contenders.add(tile.lowerBound + place, score, to: number) { exact.score($0, for: row(number)) }
          }
        }
      }
    }
    return settle(&contenders, count, row: row, into: choices)
  }

  /// Calls `body` with pointers to a row, and to the vectors, offsets and rests of the candidates from `candidate` on.
  private func withPointers(
    _ slice: FeatureSlice, _ pruning: Pruning, row: Int, candidate: Int,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    slice.elements.withUnsafeBufferPointer { rows in
      candidates.elements.withUnsafeBufferPointer { vectors in
        offsets.withUnsafeBufferPointer { offsets in
          pruning.rests.withUnsafeBufferPointer { rests in
            guard let rows = rows.baseAddress, let vectors = vectors.baseAddress, let offsets = offsets.baseAddress,
              let rests = rests.baseAddress
            else { return }
            body(
              rows + row * candidates.columns, vectors + candidate * candidates.columns, offsets + candidate,
              rests + candidate)
          }
        }
      }
    }
  }
}
