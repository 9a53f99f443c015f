/// The value of an option: how it is read from what the user wrote.
package protocol OptionValue: Sendable {
  /// What may be given for it, where its ``Setting`` does not say otherwise.
  static var optionType: OptionType { get }
  /// Whether several texts may be given for it.
  static var isList: Bool { get }

  /// The value of one text; nil where the decoder is told what is wrong with it.
  static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Self?
  /// The value of all texts that were given, at least one.
  static func decode(_ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Self?

  /// What of it decides a result; nil where it is as if it were not given.
  var fingerprint: String? { get }
  /// The files it names, each as it is written.
  var files: [Located<String>] { get }
  /// The file that it names, where it is the value of one text.
  var file: String? { get }
}

extension OptionValue {
  package static var isList: Bool { false }

  package static func decode(
    _ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Self? {
    guard let text = texts.first else { return nil }
    return decode(text, spec, &decoder)
  }

  package var fingerprint: String? { "\(self)" }
  package var files: [Located<String>] { [] }
  package var file: String? { nil }
}

/// What may be left out.
extension Optional: OptionValue where Wrapped: OptionValue {
  package static var optionType: OptionType { Wrapped.optionType }
  package static var isList: Bool { Wrapped.isList }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Wrapped?? { Wrapped.decode(text, spec, &decoder).map { .some($0) } }

  package static func decode(
    _ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Wrapped?? { Wrapped.decode(texts, spec, &decoder).map { .some($0) } }

  package var fingerprint: String? { flatMap(\.fingerprint) }
  package var files: [Located<String>] { map(\.files) ?? [] }
}

/// What is to be told where it stands.
extension Located: OptionValue where Value: OptionValue {
  package static var optionType: OptionType { Value.optionType }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Located? { Value.decode(text, spec, &decoder).map { Located($0, text.place) } }

  package var fingerprint: String? { value.fingerprint }
  package var files: [Located<String>] { value.file.map { [Located<String>($0, place)] } ?? [] }
}

/// Several values, in order.
extension Array: OptionValue where Element: OptionValue {
  package static var optionType: OptionType { Element.optionType }
  package static var isList: Bool { true }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> [Element]? { decode([text], spec, &decoder) }

  package static func decode(
    _ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> [Element]? { texts.compactMap { Element.decode($0, spec, &decoder) } }

  package var fingerprint: String? { isEmpty ? nil : "\(compactMap(\.fingerprint))" }
  package var files: [Located<String>] { flatMap(\.files) }
}

/// Several values whose order does not matter.
extension Set: OptionValue where Element: OptionValue & Comparable {
  package static var optionType: OptionType { Element.optionType }
  package static var isList: Bool { true }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Set? { decode([text], spec, &decoder) }

  package static func decode(
    _ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Set? { [Element].decode(texts, spec, &decoder).map { Set($0) } }

  package var fingerprint: String? { sorted().fingerprint }
}
