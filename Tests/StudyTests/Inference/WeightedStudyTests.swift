import Testing

@testable import Study
@testable import Support

/// Expected values are of weighted least squares in NumPy, with all 7! permutations for p.
@Suite("Studies weighted by 1/variance")
struct WeightedStudyTests {
  private static let table = """
    model,x,x_standard_error,y,z
    a,1,0.1,3.1,2
    b,2,0.4,2.9,1
    c,3.5,0.2,2.2,4
    d,4,0.1,2.5,3
    e,5.5,0.5,1.4,5
    f,6,0.3,1.6,2.5
    g,7,0.25,0.7,6

    """

  private func study(
    _ text: String = table, _ change: (inout StudyOptions) -> Void = { _ in }
  ) throws -> Study {
    var options = StudyOptions()
    (options.target, options.properties, options.isWeighted) = ("y", ["x"], true)
    (options.permutations, options.bootstrap) = (20_000, 200)
    change(&options)
    return try Study(of: try Table(csv: Array(text.utf8), file: "t.csv"), options)
  }

  @Test("R², the line, rank and partial correlations are weighted; p is that of all permutations")
  func values() throws {
    let found = try study { $0.given = ["z"] }.findings[0]
    let correlation = try #require(found.correlation)
    func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 * abs(b) } == true }
    #expect(near(correlation.pearson, -0.9271603926249845) && near(correlation.r2, 0.8596263936525155))
    #expect(near(correlation.spearman, -0.9326943760989682))
    #expect(abs(correlation.slope + 0.31704968) < 1e-8 && abs(correlation.intercept - 3.51253998) < 1e-8)
    #expect(abs((found.logSlope ?? 0) + 0.35353812) < 1e-8)
    #expect(near(found.partial, -0.781542462380214) && near(found.weighted?.effectiveCount, 3.268514901749844))
    #expect(abs((found.p ?? 0) - 0.01130952) < 0.0025)
    let interval = try #require(found.interval)
    #expect(interval.r2.contains(correlation.r2))
  }

  @Test("Equal errors give what no weights give, for the same shuffles and resamples")
  func equal() throws {
    let text = Self.table.split(separator: "\n").enumerated().map { index, line in
      var fields = line.split(separator: ",").map(String.init)
      if index > 0 { fields[2] = "0.3" }
      return fields.joined(separator: ",") + "\n"
    }.joined()
    func change(_ options: inout StudyOptions) { options.given = ["z"] }
    let weighted = try study(text, change).findings[0]
    let plain = try study(text) {
      change(&$0)
      $0.isWeighted = false
    }.findings[0]
    #expect(weighted.p == plain.p && weighted.partialP == plain.partialP)
    for (a, b) in zip(weighted.numbers, plain.numbers) {
      if let a = a.value, let b = b.value { #expect(abs(a - b) < 1e-12 * max(abs(b), 1)) }
    }
    #expect(abs((weighted.weighted?.effectiveCount ?? 0) - 7) < 1e-12 && plain.weighted == nil)
  }

  @Test("Models without an error, or with error 0, are left out and counted; bias is reported")
  func absent() throws {
    let text = """
      model,x,x_standard_error,x_jackknife_bias,y
      a,1,0.1,0.3,3
      b,2,,0,2
      c,3,0,0,2
      d,4,0.2,0,1
      e,5,0.1,-0.1,0

      """
    let found = try study(text).findings[0]
    #expect(found.n == 3 && found.bars == [nil, nil, 0, 0.2, 0.1])
    #expect(
      found.remarks.prefix(3) == [
        "1 model left out: standard error unknown", "1 model left out: standard error 0, so the weight is infinite",
        "bias above two standard errors in 1 model",
      ])
  }

  @Test("A property without a column of errors is undefined and says why; without any, the study is refused")
  func missing() throws {
    let found = try study { $0.properties = ["x", "z"] }.findings
    #expect(found[0].correlation != nil && found[1].n == 0)
    #expect(found[1].undefined == "no column z_standard_error for the weights")
    let error = #expect(throws: StudyError.self) { try study { $0.properties = ["z"] } }
    #expect(error?.diagnosis.expected.contains("z_standard_error") == true)
  }

  @Test("Errors of a formula follow from those of its columns")
  func formula() throws {
    let text = "model,s,s_standard_error,m,m_standard_error\na,2,0.1,4,0.3\nb,3,0.2,5,0.1\n"
    let table = try Table(csv: Array(text.utf8), file: "t.csv")
    func errors(_ formula: String) throws -> [Double] {
      try PropertyErrors(Expression(formula), in: table).values.compactMap { $0 }
    }
    func near(_ a: [Double], _ b: [Double]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-8 }
    }
    #expect(try near(errors("s / m"), [0.04506939, 0.04176123]))
    #expect(try near(errors("-2 * s"), [0.2, 0.4]) && near(errors("s - s"), [0, 0]))
    #expect(try near(errors("log(m)"), [0.075, 0.02]) && near(errors("m ^ 2"), [2.4, 1]))
    #expect(try near(errors("sqrt(m) + abs(0 - s)"), [0.125, (0.0005 + 0.04).squareRoot()]))
    let without = try Table(csv: Array("s,q\n1,2\n".utf8), file: "t.csv")
    #expect(try PropertyErrors(Expression("s / q"), in: without).missing == ["q_standard_error", "s_standard_error"])
  }

  @Test("Every form of the study says that it is weighted")
  func texts() throws {
    let study = try study()
    #expect(study.json["weights"] == "1/variance")
    #expect(study.text(.table).contains("7 models, weighted"))
    #expect(study.text(.latex).hasPrefix("% weighted by 1/variance"))
    #expect(study.text(.csv).split(separator: "\n")[0].hasSuffix("partial_p,effective_n,remarks"))
    let plain = try self.study { $0.isWeighted = false }
    #expect(plain.json["weights"] == nil && !plain.text(.csv).contains("effective_n"))
    // Bars are drawn either way.
    #expect(plain.json.line.contains(#""error_bars": [0.1, 0.4"#))
  }
}
