import Support

/// Compares properties with a target.
struct Comparison {
  private let target: [Double?]
  private let given: [[Double?]]
  private let options: StudyOptions
  private let test: PermutationTest
  private let bootstrap: Bootstrap
  private let checkCancellation: () throws -> Void

  /// - Parameter checkCancellation: is called now and then; an error it throws stops the comparison.
  init(
    target: [Double?], given: [[Double?]], _ options: StudyOptions, checkCancellation: @escaping () throws -> Void
  ) {
    (self.checkCancellation, self.target, self.given, self.options) = (checkCancellation, target, given, options)
    let seed = UInt64(bitPattern: Int64(options.seed))
    var other = SplitMix64(seed: ~seed)
    test = PermutationTest(permutations: options.permutations, seed: seed, threads: options.threads)
    bootstrap = Bootstrap(resamples: options.bootstrap, seed: other.next(), threads: options.threads)
  }

  /// How each property relates to the target in some rows.
  ///
  /// - Parameter errors: those of each property; empty if none are known.
  func findings(
    _ properties: [Property], _ values: [[Double?]], errors: [PropertyErrors] = [], of rows: [Int]
  ) throws -> [Finding] {
    let unknown = PropertyErrors(unknown: target.count)
    var findings = try properties.indices.map { index in
      try finding(properties[index], values[index], errors.isEmpty ? unknown : errors[index], rows)
    }
    if options.holm {
      for (index, p) in Holm.adjusted(findings.map(\.p)).enumerated() { findings[index].adjustedP = p }
    }
    return findings
  }

  private func finding(
    _ property: Property, _ values: [Double?], _ errors: PropertyErrors, _ rows: [Int]
  ) throws -> Finding {
    var complete = rows.filter { values[$0] != nil && target[$0] != nil }
    var remarks = remarks(values, rows)
    if options.isWeighted { complete = precise(complete, errors, &remarks) }
    let weights = weights(complete, errors)
    let (x, y) = (complete.compactMap { values[$0] }, complete.compactMap { target[$0] })
    let correlation = Correlation(x, y, weights: weights)
    let undefined = correlation == nil ? undefined(x, y, errors) : nil
    var (interval, p): (Bootstrap.Interval?, Double?)
    if correlation != nil, let a = CentredDirection(x, weights: weights), let b = CentredDirection(y) {
      p = try test.p(a.unit, b.unit, weights: weights, checkCancellation: checkCancellation)
      interval = try bootstrap.interval(x, y, weights: weights, checkCancellation: checkCancellation)
      if let undefined = interval?.undefined, undefined > 0 {
        remarks.append("r is undefined in \(undefined) of the resamples")
      }
    }
    if let undefined { remarks.append("undefined: \(undefined)") }
    let partial = given.isEmpty ? nil : self.partial(values, complete, errors, &remarks)
    if correlation != nil { remarks += ties(x, y) }
    let bars = errors.bars
    return Finding(
      property: property, values: rows.map { values[$0] }, bars: rows.map { bars[$0] }, n: complete.count,
      weighted: options.isWeighted ? .init(effectiveCount: weights?.effectiveCount) : nil, correlation: correlation,
      undefined: undefined, logSlope: Correlation.logarithmicSlope(x, y, weights: weights),
      semilogSlope: Correlation.semilogarithmicSlope(x, y, weights: weights),
      interval: interval, p: p, adjustedP: nil, partial: partial?.correlation.r,
      partialP: try partial.map { try $0.p(test, checkCancellation) }, remarks: remarks)
  }

  /// The rows whose weight is a number. Adds what the others lack.
  private func precise(_ rows: [Int], _ errors: PropertyErrors, _ remarks: inout [String]) -> [Int] {
    guard errors.missing.isEmpty else { return [] }
    let (unknown, exact) = (rows.count { errors.values[$0] == nil }, rows.count { errors.values[$0] == 0 })
    if unknown > 0 { remarks.append("\(unknown.models) left out: standard error unknown") }
    if exact > 0 { remarks.append("\(exact.models) left out: standard error 0, so the weight is infinite") }
    let kept = rows.filter { (errors.values[$0] ?? 0) > 0 }
    let biased = kept.count { errors.isBiased[$0] }
    if biased > 0 { remarks.append("bias above two standard errors in \(biased.models)") }
    return kept
  }

  /// The weights of rows that all have one; nil if the study is not weighted.
  private func weights(_ rows: [Int], _ errors: PropertyErrors) -> RowWeights? {
    options.isWeighted && !rows.isEmpty ? RowWeights(errors: rows.compactMap { errors.values[$0] }) : nil
  }

  /// A partial correlation and its weights.
  private struct Partial {
    let correlation: PartialCorrelation
    let weights: RowWeights?

    func p(_ test: PermutationTest, _ checkCancellation: () throws -> Void) throws -> Double {
      // The residuals of y themselves are shuffled, without the weights.
      let y = weights.map { zip(correlation.y, $0.roots).map { $0 / $1 } } ?? correlation.y
      return try test.p(correlation.x, y, weights: weights, checkCancellation: checkCancellation)
    }
  }

  private func partial(
    _ values: [Double?], _ complete: [Int], _ errors: PropertyErrors, _ remarks: inout [String]
  ) -> Partial? {
    let rows = complete.filter { row in given.allSatisfy { $0[row] != nil } }
    let columns = given.map { column in rows.compactMap { column[$0] } }
    let weights = weights(rows, errors)
    let partial = PartialCorrelation(
      rows.compactMap { values[$0] }, rows.compactMap { target[$0] }, given: columns, weights: weights)
    if rows.count < complete.count {
      remarks.append("partial over \(rows.count.models): the others lack a given value")
    }
    let redundant = PartialCorrelation.redundant(columns, weights: weights)
    if redundant > 0 { remarks.append("given columns that the others determine: \(redundant)") }
    if partial == nil { remarks.append("partial undefined: too few models, or the given columns explain everything") }
    return partial.map { Partial(correlation: $0, weights: weights) }
  }

  private func remarks(_ values: [Double?], _ rows: [Int]) -> [String] {
    let target = rows.count { self.target[$0] == nil }
    let property = rows.count { self.target[$0] != nil && values[$0] == nil }
    return [
      target > 0 ? "\(target.models) left out: target missing or not finite" : nil,
      property > 0 ? "\(property.models) left out: property missing or not finite" : nil,
    ].compactMap(\.self)
  }

  /// Why there is no correlation.
  private func undefined(_ x: [Double], _ y: [Double], _ errors: PropertyErrors) -> String {
    if options.isWeighted, let missing = errors.missing.first { return "no column \(missing) for the weights" }
    if x.count < 3 { return "fewer than 3 models" }
    if CentredDirection(x) == nil { return "the property is the same for all models, or too large" }
    return "the target is the same for all models, or too large"
  }

  private func ties(_ x: [Double], _ y: [Double]) -> [String] {
    [(x, "property"), (y, "target")].compactMap { values, name in
      let distinct = Set(values).count
      return distinct < values.count ? "ties: \(distinct) distinct values of the \(name) among \(values.count)" : nil
    }
  }
}

extension Int {
  /// This many models, in words.
  var models: String { self == 1 ? "1 model" : "\(self) models" }
}
