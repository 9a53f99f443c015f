/// A name and the values over which a matrix repeats a stage, as written in the file.
struct MatrixAxis: Sendable {
  let name: Located<String>
  let values: [Located<String>]
  /// False if some values could not be read. Those are already reported as problems.
  var isWhole = true
}

extension MatrixAxis {
  /// Longest label of one value in a file name, in bytes.
  private static let longestLabel = 120

  /// Substitutes parameters into the values and reports problems with them.
  func checked(_ parameters: inout Parameters, _ problems: inout [Problem]) -> MatrixAxis {
    if parameters.contains(name.value) {
      problems.append(name.place, "“\(name.value)” is also a parameter", advice: "give one of them another name")
    }
    var seen: [String: String] = [:]
    var good: [Located<String>] = []
    for text in values {
      guard let value = parameters.substitute(text) else { continue }
      let label = MatrixValue(name: name.value, value: value).label
      let other = seen.updateValue(value, forKey: label)
      if let problem = problem(with: value, label, other, at: text.place) {
        problems.append(problem)
      } else {
        good.append(Located(value, text.place))
      }
    }
    return MatrixAxis(name: name, values: good, isWhole: isWhole && good.count == values.count)
  }

  /// - Parameter other: an earlier value with the same label.
  private func problem(with value: String, _ label: String, _ other: String?, at place: SourcePosition) -> Problem? {
    if label.utf8.count > Self.longestLabel {
      return Problem(
        place, "expected at most \(Self.longestLabel) bytes for name and value, found \(label.utf8.count)",
        advice: "use a shorter value, and move what the values share into a parameter")
    }
    guard let other else { return nil }
    return other == value
      ? Problem(place, "expected each value of \(name.value) once", advice: "remove “\(value)”")
      : Problem(
        place, "“\(other)” and “\(value)” both become \(label) in file names",
        advice: "use values that differ in letters or digits")
  }
}

/// One value of a repeated stage.
package struct MatrixValue: Sendable, Hashable, Codable {
  package let name: String
  package let value: String

  /// The label in the names of stages and their files: `step=1000`.
  var label: String { "\(name)=\(Self.fileName(value))" }

  /// The value with `_` for every character that is special in file names, globs or shells.
  package static func fileName(_ value: String) -> String {
    String(value.unicodeScalars.map { isPlain($0) ? Character($0) : "_" })
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "_.+-".unicodeScalars.contains(scalar))
  }
}

extension MatrixValue: CustomStringConvertible {
  package var description: String { "\(name)=\(value)" }
}

/// A stage as written: before parameters are substituted and before its matrix repeats it.
struct UnexpandedStage: Sendable {
  let name: String
  let kind: Located<String>
  var matrix: [MatrixAxis]
  let options: [String: StageDescription.Option]
  let sections: StageDescription.Sections
}
