/// A pattern for one name, as in a shell: `*` is any text, `?` any character, and `[a-z]` one of a set, `[!a-z]` one
/// not in it. A backslash takes the meaning from the next character.
///
/// Characters are Unicode scalars, whatever the locale. A byte that is not UTF-8 counts as one. A leading dot is matched
/// only by a dot.
struct NamePattern {
  private enum Part {
    case one(Unicode.Scalar)
    case any
    case anyText
    case set(Set, isNegated: Bool)
  }

  private struct Set {
    var ranges: [ClosedRange<UInt32>] = []
    var classes: [@Sendable (Unicode.Scalar) -> Bool] = []

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      ranges.contains { $0.contains(scalar.value) } || classes.contains { $0(scalar) }
    }
  }

  private var parts: [Part] = []

  init(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": parts.append(.anyText)
      case "?": parts.append(.any)
      case "\\": parts.append(.one(rest.popFirst() ?? scalar))
      case "[":
        guard let (set, isNegated, after) = Self.set(rest) else { fallthrough }
        parts.append(.set(set, isNegated: isNegated))
        rest = after
      default: parts.append(.one(scalar))
      }
    }
  }

  /// Whether a text has a character with a meaning in patterns.
  static func isPattern(_ text: some StringProtocol) -> Bool { text.utf8.contains { "*?[".utf8.contains($0) } }

  /// Whether the pattern is nothing but `*`, which every name matches that does not start with a dot.
  var isEverything: Bool { !parts.isEmpty && parts.allSatisfy { if case .anyText = $0 { true } else { false } } }

  /// The only name that it matches; nil if there may be others.
  var literal: String? {
    var name = String.UnicodeScalarView()
    for part in parts {
      guard case .one(let scalar) = part else { return nil }
      name.append(scalar)
    }
    return String(name)
  }

  func matches(_ name: String) -> Bool {
    let name = Array(name.unicodeScalars)
    if name.first == ".", parts.first.map({ if case .one(".") = $0 { false } else { true } }) ?? true { return false }
    var (part, place) = (0, 0)
    /// Where to go on if the last `*` has to take one character more.
    var retry: (part: Int, place: Int)?
    while true {
      if part < parts.count, case .anyText = parts[part] {
        retry = (part + 1, place)
        part += 1
      } else if part < parts.count, place < name.count, Self.fits(parts[part], name[place]) {
        (part, place) = (part + 1, place + 1)
      } else if part == parts.count, place == name.count {
        return true
      } else if let last = retry, last.place < name.count {
        retry = (last.part, last.place + 1)
        (part, place) = (last.part, last.place + 1)
      } else {
        return false
      }
    }
  }

  private static func fits(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    switch part {
    case .one(let own): own == scalar
    case .any, .anyText: true
    case .set(let set, let isNegated): set.contains(scalar) != isNegated
    }
  }

  private typealias Scalars = ArraySlice<Unicode.Scalar>

  /// Reads a set up to its bracket. Nil if there is none: then the first bracket is an ordinary character.
  private static func set(_ text: Scalars) -> (Set, isNegated: Bool, rest: Scalars)? {
    var (set, rest) = (Set(), text)
    let isNegated = rest.first == "!" || rest.first == "^"
    if isNegated { rest.removeFirst() }
    var isFirst = true
    while let scalar = rest.popFirst() {
      if scalar == "]", !isFirst { return (set, isNegated, rest) }
      isFirst = false
      if scalar == "[", let (named, after) = namedClass(rest) {
        set.classes.append(named)
        rest = after
        continue
      }
      let lower = scalar == "\\" ? rest.popFirst() ?? scalar : scalar
      var upper = lower
      if rest.first == "-", let next = rest.dropFirst().first, next != "]" {
        rest.removeFirst(2)
        upper = next == "\\" ? rest.popFirst() ?? next : next
      }
      if lower <= upper { set.ranges.append(lower.value...upper.value) }
    }
    return nil
  }

  /// Reads a class such as `:digit:]`.
  private static func namedClass(_ text: Scalars) -> (@Sendable (Unicode.Scalar) -> Bool, rest: Scalars)? {
    guard text.first == ":", let end = text.dropFirst().firstIndex(of: ":"),
      text.dropFirst(end + 1 - text.startIndex).first == "]"
    else { return nil }
    let name = String(String.UnicodeScalarView(text[(text.startIndex + 1)..<end]))
    guard let named = classes[name] else { return nil }
    return (named, text[(end + 2)...])
  }

  private static let classes: [String: @Sendable (Unicode.Scalar) -> Bool] = [
    "alpha": { $0.properties.isAlphabetic }, "digit": { ("0"..."9").contains($0) },
    "alnum": { $0.properties.isAlphabetic || ("0"..."9").contains($0) },
    "upper": { $0.properties.isUppercase }, "lower": { $0.properties.isLowercase },
    "space": { $0.properties.isWhitespace }, "blank": { $0 == " " || $0 == "\t" },
    "xdigit": { $0.isASCII && Character($0).isHexDigit },
    "punct": { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F && !Character($0).isLetter && !Character($0).isNumber },
  ]
}
