import CYaml

/// Checks the keys of mappings in a YAML text before Yams builds anything from it.
///
/// Yams compares mapping keys by their entire content. If a key is a list or mapping built from aliases of aliases,
/// that takes forever. No key of a pipeline is one.
enum YAMLKeys {
  /// Position of the first key that is not a plain name: line and column, counted from 1. Nil if there is no such key,
  /// or if the text is not YAML; the YAML reader explains that better.
  static func firstInvalidName(in text: String) -> (line: Int, column: Int)? {
    var text = text
    return text.withUTF8 { bytes in
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return nil }
      defer { yaml_parser_delete(&parser) }
      // The parser reads from `bytes`, and must not outlive it.
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

  /// Tracks whether each event starts a key.
  private struct Scan {
    /// For each open collection: nil for a list; for a mapping, whether the next node is a key.
    private var open: [Bool?] = []
    /// Anchors of plain values.
    private var scalars: Set<String> = []
    private(set) var isOver = false

    /// Takes an event, and returns whether it is a key but not a name.
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

    /// Counts a node of the innermost open collection, and returns whether it is a key.
    private mutating func node() -> Bool {
      guard let last = open.indices.last, let isKey = open[last] else { return false }
      open[last] = !isKey
      return isKey
    }

    private static func text(_ anchor: UnsafeMutablePointer<yaml_char_t>) -> String { String(cString: anchor) }
  }
}
