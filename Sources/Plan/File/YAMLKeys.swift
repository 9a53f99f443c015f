import CYaml

/// Looks at the keys of mappings in a YAML text before anything is made of it.
///
/// Yams compares the keys of a mapping by all that they hold. Where a key is a list or a mapping, made of aliases of
/// aliases, that is more than any machine can do; and no key of a pipeline is one.
enum YAMLKeys {
  /// Where the first key stands that is no plain name, by line and column from 1; nil where there is none, or the text is no
  /// YAML, which whoever reads it says better.
  static func firstThatIsNoName(in text: String) -> (line: Int, column: Int)? {
    var text = text
    return text.withUTF8 { bytes in
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return nil }
      defer { yaml_parser_delete(&parser) }
      // The parser reads from `bytes`, which it does not outlive.
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var scan = Scan()
      while !scan.isOver {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        if scan.take(event) { return (Int(event.start_mark.line) + 1, Int(event.start_mark.column) + 1) }
      }
      return nil
    }
  }

  /// Knows of each event whether it begins a key.
  private struct Scan {
    /// For each collection that is open, whether it is a mapping whose next node is a key.
    private var open: [Bool?] = []
    /// Names that are given to plain values.
    private var scalars: Set<String> = []
    private(set) var isOver = false

    /// Takes an event, and says whether it is a key that is no name.
    mutating func take(_ event: yaml_event_t) -> Bool {
      switch event.type {
      case YAML_SCALAR_EVENT:
        if let anchor = event.data.scalar.anchor { scalars.insert(Self.text(anchor)) }
        _ = node()
      case YAML_ALIAS_EVENT:
        let isScalar = event.data.alias.anchor.map { scalars.contains(Self.text($0)) } ?? false
        return node() && !isScalar
      case YAML_SEQUENCE_START_EVENT:
        let isKey = node()
        open.append(nil)
        return isKey
      case YAML_MAPPING_START_EVENT:
        let isKey = node()
        open.append(true)
        return isKey
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: _ = open.popLast()
      case YAML_STREAM_END_EVENT: isOver = true
      default: break
      }
      return false
    }

    /// Counts a node of the collection that is open, and says whether it is a key.
    private mutating func node() -> Bool {
      guard let last = open.indices.last, let isKey = open[last] else { return false }
      open[last] = !isKey
      return isKey
    }

    private static func text(_ anchor: UnsafeMutablePointer<yaml_char_t>) -> String { String(cString: anchor) }
  }
}
