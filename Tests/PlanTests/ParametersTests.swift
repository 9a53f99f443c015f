import Testing

@testable import Plan

@Suite("Parameters")
struct ParametersTests {
  private func at(_ text: String, line: Int = 1) -> Located<String> {
    Located(text, .file("p.yaml", line: line, column: 1))
  }

  private func parameters(_ members: [(String, String)], settings: [String] = []) -> Parameters {
    var parameters = Parameters(settings: settings)
    parameters.declare(members.enumerated().map { ($1.0, at($1.1, line: $0 + 1)) })
    parameters.checkOverrides()
    return parameters
  }

  @Test("Names are replaced by their values, several in a text, and other text stays as it is")
  func substitution() {
    var parameters = parameters([("a", "1"), ("b", "${a}2")])
    let text = parameters.substitute(at("${b}-${a} $a {b} $"))
    #expect(text == "12-1 $a {b} $" && parameters.problems.isEmpty)
  }

  @Test("Values of a matrix take precedence over parameters")
  func variables() {
    var parameters = parameters([("a", "1")])
    let text = parameters.substitute(at("${a}${s}"), MatrixVariables(values: ["a": "x", "s": "y"]))
    #expect(text == "xy")
  }

  @Test("A name without a value is a problem, unless it was already reported")
  func unknown() {
    var parameters = parameters([("data", "1")])
    #expect(parameters.substitute(at("${dat}")) == nil)
    #expect(parameters.problems.map(\.advice) == ["did you mean “data”?"])
    #expect(parameters.substitute(at("${s}"), MatrixVariables(silent: ["s"])) == nil)
    #expect(parameters.problems.count == 1)
    #expect(parameters.substitute(at("${s}"), MatrixVariables(owners: ["s": "train"])) == nil)
    #expect(
      parameters.problems.last?.message == "“s” belongs to the matrix of “train”, which does not repeat this stage")
  }

  @Test("A text without matrix names is plain, whatever its parameters; asking reports no problems")
  func plain() {
    let parameters = parameters([("a", "1")])
    #expect(parameters.plain(at("x${a}")) == "x1")
    #expect(parameters.plain(at("x${s}")) == nil && parameters.plain(at("x${a")) == nil)
    #expect(parameters.problems.isEmpty)
  }

  @Test("--set overrides, and setting an unknown parameter is a problem of the command line")
  func settings() {
    #expect(parameters([("a", "1"), ("b", "${a}")], settings: ["a=2"]).values["b"]?.value == "2")
    let wrong = parameters([("abc", "1")], settings: ["abd=2", "x"])
    #expect(wrong.problems.allSatisfy { $0.place == .option("--set") } && wrong.problems.count == 2)
  }
}
