import Support

/// The JSON Schema (draft 2020-12) of a pipeline file, generated from the registry of stage kinds. Editors use it to
/// complete and check the YAML.
///
/// It checks keys and each value on its own; ``PipelineGraph`` checks everything else. Any value may also be a text
/// that contains `${name}`.
package struct PipelineSchema {
  private let registry: KindRegistry

  package init(_ registry: KindRegistry) { self.registry = registry }

  package var json: JSONValue {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A pipeline file of collapse",
      "type": "object",
      "properties": .object(PipelineFile.keys(registry).map { .init($0.name, topLevel($0.name, $0.help)) }),
      "required": ["stages"],
      "additionalProperties": .boolean(false),
      "$defs": .object(definitions),
    ]
  }

  private func topLevel(_ key: String, _ help: String) -> JSONValue {
    switch key {
    case "name": ["description": .string(help), "$ref": "#/$defs/scalar"]
    case "parameters":
      ["description": .string(help), "type": "object", "additionalProperties": ["$ref": "#/$defs/scalar"]]
    case _ where registry.hasSection(key): ["description": .string(help), "$ref": .string("#/$defs/\(key)")]
    default:
      [
        "description": .string(help), "type": "object", "minProperties": .integer(1),
        "propertyNames": ["pattern": .string(PipelineFile.stageNamePattern)],
        "additionalProperties": ["$ref": "#/$defs/stage"],
      ]
    }
  }

  private var definitions: [JSONValue.Member] {
    let own: [JSONValue.Member] = [
      .init("scalar", ["type": ["string", "number", "boolean"]]),
      .init("matrix", matrix), .init("uses", uses), .init("stage", stage),
    ]
    return own + registry.sections.map { .init($0.name, section($0)) }
      + registry.kinds.map { .init("stage-\($0.name)", kind($0)) }
  }

  private var matrix: JSONValue {
    [
      "description": .string(PipelineFile.matrixHelp), "type": "object", "minProperties": .integer(1),
      "propertyNames": ["pattern": .string(PipelineFile.matrixNamePattern)],
      "additionalProperties": [
        "type": "array", "minItems": .integer(1), "uniqueItems": .boolean(true), "items": ["$ref": "#/$defs/scalar"],
      ],
    ]
  }

  private func section(_ section: any PipelineSection.Type) -> JSONValue {
    [
      "description": .string(section.summary), "type": "object",
      "properties": .object(section.options.map { .init($0.name, $0.schema) }),
      "additionalProperties": .boolean(false),
    ]
  }

  private var uses: JSONValue {
    [
      "description": "the kind of stage",
      "oneOf": .array(
        registry.kinds.map { ["const": .string($0.name), "description": .string($0.summary)] }),
    ]
  }

  /// A stage accepts the options of its kind.
  private var stage: JSONValue {
    [
      "type": "object",
      "properties": .object((["uses"] + registry.stageKeys).map { .init($0, ["$ref": .string("#/$defs/\($0)")]) }),
      "required": ["uses"],
      "allOf": .array(
        registry.kinds.map { kind in
          [
            "if": ["properties": ["uses": ["const": .string(kind.name)]], "required": ["uses"]],
            "then": ["$ref": .string("#/$defs/stage-\(kind.name)")],
          ]
        }),
    ]
  }

  private func kind(_ kind: any StageKind.Type) -> JSONValue {
    let options = kind.options.map { JSONValue.Member($0.name, $0.schema) }
    return [
      "description": .string(kind.summary), "type": "object",
      "properties": .object(
        (["uses"] + registry.stageKeys).map { .init($0, .boolean(true)) } + options),
      "required": .array((["uses"] + kind.options.filter(\.isRequired).map(\.name)).map { .string($0) }),
      "additionalProperties": .boolean(false),
    ]
  }
}

extension OptionSpec {
  /// One value, or a list if the option takes one.
  fileprivate var schema: JSONValue {
    guard isList else { return .object([.init("description", .string(help))] + type.schema) }
    let one = JSONValue.object(type.schema)
    let list: JSONValue = ["type": "array", "items": one, "minItems": .integer(isRequired ? 1 : 0)]
    return ["description": .string(help), "anyOf": [one, list]]
  }
}

extension OptionType {
  fileprivate var schema: [JSONValue.Member] {
    switch self {
    case .text, .file, .array, .output, .folder, .reference: [.init("type", ["string", "number"])]
    case .count(let least, let most): number("integer", least, most: most, "[0-9]+")
    case .amount(let least, let most): number("number", least, most: most, "[0-9.]+([eE][+]?[0-9]+)?")
    case .integer: either(["anyOf": [["type": "integer"], ["type": "string", "pattern": "^-?[0-9]+$"]]])
    case .bytes, .rate: text("[0-9.]+([eE][+]?[0-9]+)? ?([kKmMgGtT]([iI]?[bB])?|[bB])")
    case .rows: number("integer", 0, "[0-9]+(-[0-9]+)?")
    case .interval: text("off|[0-9.]+ ?[a-zA-Z]+")
    case .flag: either(["enum": [.boolean(true), .boolean(false), "true", "false"]])
    case .choice(let names): either(["enum": .array(names.map { .string($0) })])
    }
  }

  /// An amount with its unit.
  private func text(_ pattern: String) -> [JSONValue.Member] {
    either(["type": "string", "pattern": .string("^(\(pattern))$")])
  }

  /// A number, or a text that contains one.
  private func number(_ type: String, _ least: Int, most: Int = 1 << 53, _ pattern: String) -> [JSONValue.Member] {
    let number: JSONValue = ["type": .string(type), "minimum": .integer(least)]
    return [
      .init(
        "anyOf",
        [
          most < 1 << 53 ? number.adding("maximum", .integer(most)) : number,
          ["type": "string", "pattern": .string("^(\(pattern))$")],
          Self.substituted,
        ])
    ]
  }

  private func either(_ schema: JSONValue) -> [JSONValue.Member] { [.init("anyOf", [schema, Self.substituted])] }

  private static let substituted: JSONValue = ["type": "string", "pattern": "\\$\\{[^}]*\\}"]
}
