/// A name and the values over which a matrix repeats a stage, as the file has them.
struct MatrixAxis: Sendable {
  let name: Located<String>
  let values: [Located<String>]
  /// Whether these are all; what could not be read is a problem already.
  var isWhole = true
}

extension MatrixAxis {
  /// Bytes of one value in a file's name.
  private static let longestLabel = 120

  /// With parameters put into its values; complains of what is wrong with them.
  func checked(_ parameters: inout Parameters, _ problems: inout [Problem]) -> MatrixAxis {
    if parameters.contains(name.value) {
      problems.append(name.place, "“\(name.value)” is a parameter too", advice: "give one of them another name")
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

  /// - Parameter other: an earlier value of the same label.
  private func problem(with value: String, _ label: String, _ other: String?, at place: Place) -> Problem? {
    if label.utf8.count > Self.longestLabel {
      return Problem(
        place, "expected a value of at most \(Self.longestLabel) bytes with its name, found \(label.utf8.count)",
        advice: "use a shorter value, and put what values share into a parameter")
    }
    guard let other else { return nil }
    return other == value
      ? Problem(place, "expected each value of \(name.value) once", advice: "remove “\(value)”")
      : Problem(
        place, "“\(other)” and “\(value)” are both \(label) in the names of files",
        advice: "use values that differ in letters or digits")
  }
}

/// One of the values over which a stage is repeated.
public struct MatrixValue: Sendable, Hashable, Codable {
  public let name: String
  public let value: String

  /// As it stands in the names of stages, and so of files: `step=1000`.
  var label: String { "\(name)=\(Self.fileName(value))" }

  /// The value with `_` for whatever file names, globs and shells take for something else.
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
  public var description: String { "\(name)=\(value)" }
}

/// A stage as the file has it: parameters are not put in yet, and its matrix does not repeat it yet.
struct WrittenStage: Sendable {
  let name: String
  let kind: Located<String>
  let matrix: [MatrixAxis]
  let options: [String: StageDescription.Option]
  let sections: StageDescription.Sections
}
