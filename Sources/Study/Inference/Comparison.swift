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
  func findings(_ properties: [Property], _ values: [[Double?]], of rows: [Int]) throws -> [Finding] {
    var findings = try zip(properties, values).map { try finding($0, $1, rows) }
    if options.holm {
      for (index, p) in Holm.adjusted(findings.map(\.p)).enumerated() { findings[index].adjustedP = p }
    }
    return findings
  }

  private func finding(_ property: Property, _ values: [Double?], _ rows: [Int]) throws -> Finding {
    let complete = rows.filter { values[$0] != nil && target[$0] != nil }
    let (x, y) = (complete.compactMap { values[$0] }, complete.compactMap { target[$0] })
    var remarks = remarks(values, rows)
    let correlation = Correlation(x, y)
    let undefined = correlation == nil ? undefined(x, y) : nil
    var (interval, p): (Bootstrap.Interval?, Double?)
    if correlation != nil, let a = CentredDirection(x), let b = CentredDirection(y) {
      p = try test.p(a.unit, b.unit, checkCancellation: checkCancellation)
      interval = try bootstrap.interval(x, y, checkCancellation: checkCancellation)
      if let undefined = interval?.undefined, undefined > 0 {
        remarks.append("r is undefined in \(undefined) of the resamples")
      }
    }
    if let undefined { remarks.append("undefined: \(undefined)") }
    let partial = given.isEmpty ? nil : self.partial(values, complete, &remarks)
    if correlation != nil { remarks += ties(x, y) }
    return Finding(
      property: property, values: rows.map { values[$0] }, n: complete.count, correlation: correlation,
      undefined: undefined, logSlope: Correlation.logarithmicSlope(x, y),
      semilogSlope: Correlation.semilogarithmicSlope(x, y),
      interval: interval, p: p, adjustedP: nil, partial: partial?.r,
      partialP: try partial.map { try test.p($0.x, $0.y, checkCancellation: checkCancellation) },
      remarks: remarks)
  }

  private func partial(_ values: [Double?], _ complete: [Int], _ remarks: inout [String]) -> PartialCorrelation? {
    let rows = complete.filter { row in given.allSatisfy { $0[row] != nil } }
    let columns = given.map { column in rows.compactMap { column[$0] } }
    let partial = PartialCorrelation(
      rows.compactMap { values[$0] }, rows.compactMap { target[$0] }, given: columns)
    if rows.count < complete.count {
      remarks.append("partial over \(rows.count.models): the others lack a given value")
    }
    let redundant = PartialCorrelation.redundant(columns)
    if redundant > 0 { remarks.append("given columns that the others determine: \(redundant)") }
    if partial == nil { remarks.append("partial undefined: too few models, or the given columns explain everything") }
    return partial
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
  private func undefined(_ x: [Double], _ y: [Double]) -> String {
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
