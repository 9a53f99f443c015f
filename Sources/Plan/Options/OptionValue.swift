/// A value that an option can have, and how it is decoded.
package protocol OptionValue: Sendable {
  /// The type of the option, unless its ``Setting`` overrides it.
  static var optionType: OptionType { get }
  /// Whether it takes several texts.
  static var isList: Bool { get }

  /// Decodes one text. Returns nil after reporting the problem to the decoder.
  static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Self?
  /// Decodes all texts given, at least one.
  static func decode(_ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Self?

  /// The part of it that affects results; nil if equivalent to leaving it out.
  var fingerprint: String? { get }
  /// The files it names, as written.
  var files: [Located<String>] { get }
  /// The file it names, if it holds a single text.
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

/// An optional value.
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

/// A value whose position is kept for messages.
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
