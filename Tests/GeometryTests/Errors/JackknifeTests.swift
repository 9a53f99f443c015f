import Testing

@testable import Geometry
@testable import Moments

@Suite("Jackknife")
struct JackknifeTests {
  @Test("Parts of unequal size: the figures that Python gives for the formulas of Busing, Meijer and van der Leeden")
  func unequal() throws {
    let jackknife = try #require(Jackknife(sizes: [300, 520, 210, 410, 640, 130, 720, 200]))
    let found = try #require(jackknife.estimate(2.5, without: [2.45, 2.61, 2.5, 2.38, 2.7, 2.52, 2.41, 2.56]))
    #expect(deviation(found.standardError, 0.22650033626725638) < 1e-14)
    #expect(deviation(found.bias, 0.1073801916932915) < 1e-12)
  }

  @Test("The error of a mean of equal parts is that of the mean, and its bias is 0")
  func mean() throws {
    let values: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    let sum = values.reduce(0, +)
    let jackknife = try #require(Jackknife(sizes: values.map { _ in 10 }))
    let found = try #require(jackknife.estimate(sum / 8, without: values.map { (sum - $0) / 7 }))
    let deviation = try #require(RunningVariance(values).sampleDeviation)
    #expect(abs(found.standardError - deviation / 8.0.squareRoot()) < 1e-15)
    #expect(abs(found.bias) < 1e-15)
  }

  @Test("The bias of a plug-in variance of equal parts is −1/8 of the unbiased one")
  func variance() throws {
    let values: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    func plugIn(_ values: [Double]) -> Double { RunningVariance(values).m2 / Double(values.count) }
    let jackknife = try #require(Jackknife(sizes: values.map { _ in 1 }))
    let others = values.indices.map { left in values.indices.filter { $0 != left }.map { values[$0] } }
    let found = try #require(jackknife.estimate(plugIn(values), without: others.map(plugIn)))
    #expect(deviation(found.bias, -RunningVariance(values).m2 / 7 / 8) < 1e-13)
  }

  @Test("Differences far below the number itself keep their digits")
  func cancellation() throws {
    let jackknife = try #require(Jackknife(sizes: [3, 1, 4, 1, 5, 9, 2, 6]))
    let steps: [Double] = [1, -2, 3, 0, 1, 1, -4, 2]
    let small = try #require(jackknife.estimate(0, without: steps.map { $0 * 0x1p-40 }))
    let large = try #require(jackknife.estimate(1, without: steps.map { 1 + $0 * 0x1p-40 }))
    #expect(small == large)
  }

  @Test("Fewer than eight parts, or a part without samples, have no jackknife")
  func few() {
    #expect(Jackknife(sizes: Array(repeating: 5, count: 7)) == nil)
    #expect(Jackknife(sizes: Array(repeating: 5, count: 8) + [0]) == nil)
    #expect(Jackknife(sizes: Array(repeating: 5, count: 8))?.parts == 8)
  }

  @Test("What is not finite has no estimate")
  func overflow() throws {
    let jackknife = try #require(Jackknife(sizes: Array(repeating: 1, count: 8)))
    #expect(jackknife.estimate(1e308, without: Array(repeating: -1e308, count: 8)) == nil)
  }
}

@Suite("Errors from replicates")
struct ReplicatesTests {
  private let jackknife = Jackknife(sizes: Array(repeating: 3, count: 8))

  private func measured(_ table: MomentsTable) throws -> [Measurement] {
    try Measures.numbers(of: ClassSelection(table))
  }

  @Test("Every mean, std, cv and scalar gets an error and a bias; counts and maxima get none")
  func all() throws {
    let whole = try measured(.random(12, 4))
    let replicates = try (0..<8).map { try measured(.random(12, 4, seed: 10 + $0)) }
    let found = try #require(jackknife).errors(of: whole, without: replicates)
    #expect(found.measurements.map(\.id) == whole.map(\.id))
    for (measurement, before) in zip(found.measurements, whole) {
      let numbers = measurement.entry.shape.parts.filter { measurement.number($0) != nil }
      let hasErrors = measurement.entry.shape != .count && !measurement.entry.isExtreme
      #expect(Set(measurement.errors.keys) == (hasErrors ? Set(numbers) : []), "\(measurement.id)")
      #expect(Set(measurement.bias.keys) == Set(measurement.errors.keys))
      #expect(hasErrors ? measurement.analytic == before.errors : measurement.analytic.isEmpty)
    }
    #expect(found.reasons.map(\.ids) == [["nc2_max_coherence"]])
    #expect(found.measurements.first { $0.id == "tokens" } == whole.first { $0.id == "tokens" })
  }

  @Test("A number that is undefined without a part has no error, and the reason names the part")
  func undefined() throws {
    let whole = try measured(.random(2, 3))
    var replicates: [[Measurement]?] = try (0..<8).map { try measured(.random(2, 3, seed: 10 + $0)) }
    // One class is left: what compares classes is undefined, and what does not is still there.
    replicates[4] = try measured(.random(1, 3, seed: 3))
    let found = try #require(jackknife).errors(of: whole, without: replicates)
    let interference = try #require(found.measurements.first { $0.id == "nc2_interference" })
    #expect(interference.errors.isEmpty && interference.number(.mean) != nil)
    #expect(found.measurements.first { $0.id == "within_trace" }?.errors[.value] != nil)
    #expect(found.gaps.contains(Jackknifed.Gap(id: "nc2_interference", reason: "undefined without part 5")))
    // Without any replicate, nothing has an error.
    replicates[4] = nil
    let none = try #require(jackknife).errors(of: whole, without: replicates)
    #expect(none.measurements.allSatisfy { $0.errors.isEmpty || $0.entry.shape == .count })
  }

  @Test("NC4 gets its errors from the parts of the decisions, NC5 from those of the foreign stream, by the formula")
  func otherSamples() throws {
    let table = MomentsTable.random(6, 3)
    let parts = (0..<9).map { part in
      var decisions = Decisions()
      let tokens = (0..<10 + part).map { Int32(3 * ($0 % 6) + 1) }
      decisions.add(labels: tokens, model: tokens, nearest: tokens.map { $0 % 4 < part % 4 ? $0 : 1 })
      return decisions
    }
    let means = (0..<9).map { OutOfDistributionMean(.random(2 + $0, 3, seed: 50 + $0)) }
    var inputParts = InputParts()
    inputParts.take(decisions: parts + [Decisions()])
    inputParts.take(outOfDistribution: means)
    func join(_ chosen: [Int]) -> (Decisions, OutOfDistributionMean) {
      chosen.reduce(into: (Decisions(), OutOfDistributionMean(dimension: 3))) {
        $0.0.merge(parts[$1])
        $0.1.merge(means[$1])
      }
    }
    func measure(_ chosen: [Int], _ inputParts: InputParts = InputParts()) throws -> [Measurement] {
      let (decisions, mean) = join(chosen)
      return try Measures.numbers(
        of: ClassSelection(table), decisions: decisions, outOfDistribution: mean, inputParts: inputParts)
    }
    let found = try measure(Array(0..<9), inputParts)
    let others = try (0..<9).map { left in try measure((0..<9).filter { $0 != left }) }
    for (id, sizes) in [
      ("nc4", parts.map { $0.totals().samples }), ("nc5_ood_deviation", means.map(\.samples)),
    ] {
      let measurement = try #require(found.first { $0.id == id })
      let whole = try #require(measurement.number(.value))
      let values = try others.map { try #require($0.first { $0.id == id }?.number(.value)) }
      let expected = literal(whole, values, sizes)
      #expect(deviation(measurement.errors[.value], expected.error) < 1e-12)
      #expect(abs((measurement.bias[.value] ?? .nan) - expected.bias) < 1e-12 * expected.error)
    }
    // A jackknife over the parts of the state leaves them alone.
    let replicates = try (0..<8).map { try measured(.random(6, 3, seed: 10 + $0)) }
    let all = try #require(jackknife).errors(of: found, without: replicates)
    #expect(all.measurements.first { $0.id == "nc4" } == found.first { $0.id == "nc4" })
    #expect(all.reasons.map(\.ids) == [["nc2_max_coherence"]])
  }

  @Test("Too few parts of the decisions give no error, and the reason says so")
  func fewDecisions() throws {
    var decisions = Decisions()
    decisions.add(labels: [1, 4], model: [1, 4], nearest: [1, 1])
    var inputParts = InputParts()
    inputParts.take(decisions: Array(repeating: decisions, count: 7))
    let whole = try Measures.numbers(
      of: ClassSelection(.random(6, 3)), decisions: decisions, inputParts: inputParts)
    let replicates = try (0..<8).map { try measured(.random(6, 3, seed: 10 + $0)) }
    let found = try #require(jackknife).errors(of: whole, without: replicates)
    #expect(found.measurements.first { $0.id == "nc4" }?.errors.isEmpty == true)
    #expect(found.gaps.contains { $0.id == "nc4" && $0.reason == "the decisions come in fewer than 8 parts" })
  }

  @Test("NC4 that is undefined without a part of the decisions has no error, and the reason names that part")
  func decidedInOnePart() throws {
    func decisions(_ token: Int32) -> Decisions {
      var decisions = Decisions()
      decisions.add(labels: [token], model: [token], nearest: [1])
      return decisions
    }
    // The measured classes have samples in the third part alone.
    let parts = (0..<8).map { decisions($0 == 2 ? 4 : 999) }
    var inputParts = InputParts()
    inputParts.take(decisions: parts)
    let all = parts.reduce(into: Decisions()) { $0.merge($1) }
    let selection = try ClassSelection(.random(6, 3), ClassFilter(tokens: [1, 4, 7]))
    let whole = try Measures.numbers(of: selection, decisions: all, inputParts: inputParts)
    let replicates = try (0..<8).map { try measured(.random(6, 3, seed: 10 + $0)) }
    let found = try #require(jackknife).errors(of: whole, without: replicates)
    #expect(
      found.gaps.filter { $0.id == "nc4" } == [.init(id: "nc4", reason: "undefined without part 3 of the decisions")])
  }

  @Test("Groups get the errors of their own replicates; one that vanishes without a part gets none")
  func groups() throws {
    func groups(_ table: MomentsTable, tokens: [[Int32]]) throws -> GroupMeasures {
      let grouping = ClassGrouping(
        kind: .bands, groups: tokens.enumerated().map { .init(label: .integer($0 + 1), tokens: $1) })
      return try GroupMeasures(of: grouping, in: ClassSelection(table))
    }
    // Token ids are 1, 4, 7, …: the last one is missing in a part of the replicates.
    let bands: [[Int32]] = [[1, 4, 7, 10], [13, 16, 19], [22]]
    let whole = try groups(.random(8, 3), tokens: bands)
    let replicates = try (0..<8).map { try groups(.random($0 == 2 ? 7 : 8, 3, seed: 10 + $0), tokens: bands) }
    let found = try #require(jackknife).errors(of: whole, without: replicates)
    guard case .measured(let first) = found.groups[0].outcome else { throw Measures.Absent(id: "band 1") }
    #expect(first.first { $0.id == "nc2_norm" }?.errors.keys.count == 3)
    if case .measured(let last) = found.groups[2].outcome {
      #expect(last.allSatisfy { $0.errors.isEmpty })
    }
  }

  /// Standard error and bias by the published formulas, with pseudo-values.
  private func literal(_ whole: Double, _ values: [Double], _ sizes: [Int]) -> (error: Double, bias: Double) {
    let n = Double(sizes.reduce(0, +))
    var (corrected, variance) = (Double(sizes.count) * whole, 0.0)
    for (size, value) in zip(sizes, values) { corrected -= (1 - Double(size) / n) * value }
    for (size, value) in zip(sizes, values) {
      let h = n / Double(size)
      let pseudo = h * whole - (h - 1) * value
      variance += (pseudo - corrected) * (pseudo - corrected) / (h - 1)
    }
    return ((variance / Double(sizes.count)).squareRoot(), whole - corrected)
  }
}

@Suite("Enough samples")
struct EnoughSamplesTests {
  @Test("The fewest samples are those from which on every value lies within one error of the last")
  func fewest() {
    let samples = [1, 2, 3, 4]
    #expect(EnoughSamples.fewest(samples, [5, 1.5, 0.5, 1], error: 0.5) == 2)
    #expect(EnoughSamples.fewest(samples, [1, 1.6, 0.5, 1], error: 0.5) == 3)
    #expect(EnoughSamples.fewest(samples, [1, 1, nil, 1], error: 0.5) == 4)
    #expect(EnoughSamples.fewest(samples, [1, 1, 1, 1], error: 0) == 1)
  }

  @Test("Without a last value or its error there is none")
  func none() {
    #expect(EnoughSamples.fewest([1, 2], [1, nil], error: 0.5) == nil)
    #expect(EnoughSamples.fewest([1, 2], [1, 1], error: nil) == nil)
    #expect(EnoughSamples.fewest([], [], error: 1) == nil)
  }

  @Test("Prefixes in results: sizes and measures of each, and enough samples of each number or why there are none")
  func json() throws {
    func prefix(_ parts: Int, seed: Int, error: Double?) throws -> PrefixMeasures.Prefix {
      let numbers = try Measures.numbers(of: ClassSelection(.random(5, 3, seed: seed)))
      let traces = numbers.filter { $0.id == "within_trace" }.map {
        $0.replacingErrors(error.map { [.value: $0] } ?? [:], bias: error.map { [.value: 3 * $0] } ?? [:])
      }
      return .init(parts: parts, samples: 100 * parts, classes: 5, outcome: .measured(traces))
    }
    let first = PrefixMeasures.Prefix(parts: 4, samples: 400, classes: 0, outcome: .unmeasurable("no class"))
    let none = PrefixMeasures([first, try prefix(8, seed: 1, error: nil)]).json
    #expect(none.map(\.key) == ["prefixes", "enough_samples"])
    #expect(none[0].value.text.contains("\"reason\": \"no class\""))
    #expect(none[1].value.text.contains("it has no standard error"))
    let biased = PrefixMeasures([first, try prefix(8, seed: 1, error: 0.1)]).json
    #expect(biased[1].value.text.contains("its bias exceeds two standard errors"))
  }
}
