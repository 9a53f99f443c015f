import CYaml
import Embeddings

/// Where a YAML text has a key that is no scalar, found before anything is made of it.
///
/// Comparing such keys takes all that is in them, which aliases of aliases make exponential in the length of the text.
/// Aliases are no keys either, whatever they stand for.
enum MappingKeys {
  /// A list or mapping that is open.
  private enum Open { case list, key, value }

  /// The line and column, from 1, of the first key that is no scalar; nil where there is none or the text is no YAML.
  static func firstCompound(in text: String) -> (line: Int, column: Int)? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    var text = text
    return text.withUTF8 { bytes in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return firstCompound(&parser)
    }
  }

  private static func firstCompound(_ parser: inout yaml_parser_t) -> (line: Int, column: Int)? {
    var open: [Open] = []
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_SCALAR_EVENT: break
      case YAML_ALIAS_EVENT, YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
        if open.last == .key { return (event.start_mark.line + 1, event.start_mark.column + 1) }
        if event.type == YAML_SEQUENCE_START_EVENT { open.append(.list) }
        if event.type == YAML_MAPPING_START_EVENT { open.append(.key) }
        if event.type != YAML_ALIAS_EVENT { continue }
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: open.removeLast()
      case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
      default: continue
      }
      switch open.popLast() {
      case .key: open.append(.value)
      case .value: open.append(.key)
      case .list: open.append(.list)
      case nil: break
      }
    }
  }
}
