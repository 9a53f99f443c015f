import Support

/// Whole numbers, bounded and written as the option's type says.
extension Int: OptionValue {
  package static var optionType: OptionType { .count() }

  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Int? {
    switch spec.type {
    case .bytes:
      if let bytes = ByteCount.parse(text.value) { return bytes }
      decoder.refuse(text, spec, expected: "an amount of memory", unitFor: "4GiB")
    case .rate:
      if let bytes = ByteCount.parse(text.value) { return bytes }
      decoder.refuse(text, spec, expected: "a positive rate in bytes per second", unitFor: "200MiB")
    case .amount(let least, let most):
      let number = Int(text.value) ?? Double(text.value).flatMap { Int(exactly: $0) }
      if let number, (least...most).contains(number) { return number }
      decoder.refuse(
        text, spec, expected: "a whole number from \(least) to \(most)",
        example: "\(Swift.min(Swift.max(least, 1000), most))")
    case .count(let least, let most):
      if let number = Int(text.value), number >= least, number <= most { return number }
      let bounds = most == .max ? "of at least \(least)" : "from \(least) to \(most)"
      decoder.refuse(text, spec, expected: "a whole number \(bounds)", example: "\(Swift.max(least, 1))")
    default: decoder.refuse(text, spec, expected: "a whole number", example: "1")
    }
    return nil
  }
}

/// Whole numbers that may be negative.
extension Int64: OptionValue {
  package static var optionType: OptionType { .integer }

  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Int64? {
    if let number = Int64(text.value) { return number }
    decoder.refuse(text, spec, expected: "a whole number", example: "-100")
    return nil
  }
}

/// Token ids.
extension Int32: OptionValue {
  package static var optionType: OptionType { .count(atLeast: 0) }

  package static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> Int32? {
    guard let number = Int.decode(text, spec, &decoder) else { return nil }
    if let token = Int32(exactly: number), token < .max { return token }
    decoder.refuse(text, spec, expected: "a token id below \(Int32.max)", example: "50256")
    return nil
  }
}

/// Rows from first to last, as in `0-999`, or a single row.
extension Range: OptionValue where Bound == Int {
  package static var optionType: OptionType { .rows }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> Range<Int>? {
    let ends = text.value.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    if let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, last >= first, last < 1 << 53 {
      return first..<last + 1
    }
    decoder.refuse(
      text, spec, expected: "the first and last row", example: "0-999999", more: "; rows count from 0")
    return nil
  }

  package var fingerprint: String? { "\(lowerBound)-\(upperBound - 1)" }
}
