import Foundation
import Support

/// Decodes a stage's options, for the command line and the pipeline file alike, and collects what is wrong with them.
public struct OptionDecoder {
  package let stage: StageDescription
  package private(set) var problems: [Problem] = []

  /// Checks that every option given is one of `specs`, once where it is no list, that no file to write has an empty name,
  /// and that none that is required is absent.
  package init(_ stage: StageDescription, _ specs: [OptionSpec], beside others: [String] = []) {
    self.stage = stage
    let names = specs.map(\.name)
    for (name, option) in stage.options.sorted(by: { $0.key < $1.key }) {
      guard let spec = specs.first(where: { $0.name == name }) else {
        problems.append(
          Problem(
            option.place, "unknown option “\(name)” of \(stage.kind.value)",
            advice: Spelling.advice(
              for: name, among: option.place.isOnCommandLine ? names : names + others)))
        continue
      }
      if !spec.isList && option.isWhole && option.values.count != 1 {
        problems.append(
          Problem(option.place, "expected one value for \(name)", advice: "give \(name) a single value"))
      }
      // As an unset variable of a shell leaves it.
      if spec.type == .output, let empty = option.values.first(where: { $0.value.isEmpty }) {
        problems.append(
          Problem(
            empty.place, "expected the name of a file to write for \(name), found an empty name",
            advice: "write, for example, \(empty.place.example(name, "FILE"))"))
      }
    }
    for spec in specs where spec.isRequired {
      let option = stage.options[spec.name]
      guard option.map({ $0.isWhole && $0.values.isEmpty }) ?? true else { continue }
      problems.append(
        Problem(
          option?.place ?? stage.kind.place, "stage “\(stage.written)” needs \(spec.name)",
          advice: "add \(spec.name): \(spec.help)"))
    }
  }

  package mutating func complain(_ place: Place, _ message: String, advice: String) {
    problems.append(Problem(place, message, advice: advice))
  }

  package func list(_ name: String) -> [Located<String>] { stage.options[name]?.values ?? [] }

  package func located(_ name: String) -> Located<String>? { list(name).first }

  package func text(_ name: String) -> String? { located(name)?.value }

  /// A whole number of at least `minimum`, and at most `maximum`.
  package mutating func count(_ name: String, atLeast minimum: Int = 1, atMost maximum: Int = .max) -> Int? {
    guard let option = located(name) else { return nil }
    guard let number = Int(option.value), number >= minimum, number <= maximum else {
      let bounds = maximum == .max ? "of at least \(minimum)" : "from \(minimum) to \(maximum)"
      complain(
        option.place, "expected a whole number \(bounds) for \(name), found “\(option.value)”",
        advice: "write, for example, \(option.place.example(name, "\(max(minimum, 1))"))")
      return nil
    }
    return number
  }

  /// Whole numbers, of which each may be negative.
  package mutating func integers(_ name: String) -> [Int64] {
    list(name).compactMap { option in
      if let number = Int64(option.value) { return number }
      complain(
        option.place, "expected a whole number for \(name), found “\(option.value)”",
        advice: "write, for example, \(option.place.example(name, "-100"))")
      return nil
    }
  }

  /// A token id.
  package mutating func tokenID(_ name: String) -> Int32? {
    guard let number = count(name, atLeast: 0), let option = located(name) else { return nil }
    if let token = Int32(exactly: number), token < .max { return token }
    complain(
      option.place, "expected a token id below \(Int32.max) for \(name), found “\(option.value)”",
      advice: "write, for example, \(option.place.example(name, "50256"))")
    return nil
  }

  /// A whole number within `limits`, that may be written as `1e9`.
  package mutating func amount(_ name: String, within limits: ClosedRange<Int>) -> Int? {
    guard let option = located(name) else { return nil }
    let number = Int(option.value) ?? Double(option.value).flatMap { Int(exactly: $0) }
    guard let number, limits.contains(number) else {
      complain(
        option.place,
        "expected a whole number from \(limits.lowerBound) to \(limits.upperBound) for \(name), found “\(option.value)”",
        advice:
          "write, for example, \(option.place.example(name, "\(min(max(limits.lowerBound, 1000), limits.upperBound))"))"
      )
      return nil
    }
    return number
  }

  /// Rows from a first to a last one, as in `0-999`; a row alone is itself.
  package mutating func rows(_ name: String) -> Range<Int>? {
    guard let option = located(name) else { return nil }
    let ends = option.value.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, last >= first, last < 1 << 53 else {
      complain(
        option.place, "expected the first and the last row for \(name), found “\(option.value)”",
        advice: "write, for example, \(option.place.example(name, "0-999999")); the first row is 0")
      return nil
    }
    return first..<last + 1
  }

  /// A number of bytes of memory: `4GiB`, `512M`, `1e9`.
  package mutating func bytes(_ name: String) -> Int? { bytes(name, "an amount of memory", example: "4GiB") }

  /// A number of bytes a second.
  package mutating func rate(_ name: String) -> Int? { bytes(name, "a rate in bytes a second, above 0,", example: "200MiB") }

  private mutating func bytes(_ name: String, _ what: String, example: String) -> Int? {
    guard let option = located(name) else { return nil }
    guard let bytes = ByteCount.parse(option.value) else {
      complain(
        option.place, "expected \(what) for \(name), found “\(option.value)”",
        advice: "write a number and a unit, for example \(option.place.example(name, example))")
      return nil
    }
    return bytes
  }

  /// The name of a folder, which is not empty: that would be another folder than anyone means.
  package mutating func folder(_ name: String) -> Located<String>? {
    guard let option = located(name) else { return nil }
    guard option.value.isEmpty else { return option }
    complain(
      option.place, "expected a folder for \(name), found an empty name",
      advice: "write, for example, \(option.place.example(name, ".")), or leave it out")
    return nil
  }

  /// One of an enumeration's cases by name.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ standard: Choice) -> Choice {
    guard let option = located(name) else { return standard }
    if let choice = Choice(rawValue: option.value) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    complain(
      option.place, "expected \(names.joined(separator: " or ")) for \(name), found “\(option.value)”",
      advice: Spelling.advice(for: option.value, among: names))
    return standard
  }

  /// `true` or `false`.
  package mutating func flag(_ name: String) -> Bool {
    guard let option = located(name) else { return false }
    guard let value = Bool(option.value) else {
      complain(
        option.place, "expected true or false for \(name), found “\(option.value)”",
        advice: "write \(name): true")
      return false
    }
    return value
  }
}
