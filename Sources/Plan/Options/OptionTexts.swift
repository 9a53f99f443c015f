import Support

extension String: OptionValue {
  package static var optionType: OptionType { .text }

  /// Refuses an empty name for an output or a folder, as an unset shell variable would give.
  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> String? {
    guard text.value.isEmpty else { return text.value }
    switch spec.type {
    case .folder:
      decoder.addProblem(
        text.place, "expected a folder for \(spec.name), found an empty name",
        advice: "write, for example, \(text.place.example(spec.name, ".")), or omit it")
      return nil
    case .output:
      decoder.addProblem(
        text.place, "expected an output file for \(spec.name), found an empty name",
        advice: "write, for example, \(text.place.example(spec.name, "FILE"))")
      return nil
    default: return text.value
    }
  }

  package var file: String? { self }
}

extension Bool: OptionValue {
  package static var optionType: OptionType { .flag }

  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Bool? {
    if let value = Bool(text.value) { return value }
    decoder.refuse(text, spec, expected: "true or false", example: "true")
    return nil
  }
}

/// An enumeration's cases, by name.
extension OptionValue where Self: RawRepresentable<String> & CaseIterable {
  package static var optionType: OptionType { .choice(of: Self.self) }

  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Self? {
    if let choice = Self(rawValue: text.value) { return choice }
    let names = allCases.map(\.rawValue)
    decoder.addProblem(
      text.place, "expected \(names.joined(separator: " or ")) for \(spec.name), found “\(text.value)”",
      advice: Spelling.advice(for: text.value, among: names))
    return nil
  }

  package var fingerprint: String? { rawValue }
}
