import ArgumentParser
import Plan

/// A table's options on the command line: the argument parser finds them where it looks for properties.
///
/// The parser reflects an instance for its wrapped properties, and decodes one by their names. Both come from the
/// table.
struct Options<Table: OptionTable>: ParsableArguments, CustomReflectable {
  /// The given values, by option.
  private(set) var given: [String: StageDescription.Option] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: OptionName.self)
    func texts<Argument: TextArgument>(_ argument: Argument, of spec: OptionSpec) throws -> [String] {
      try values.decode(Argument.self, forKey: OptionName(spec.name)).texts
    }
    for spec in Self.specs { given[spec.name] = try spec.given(texts(spec.argument, of: spec)) }
  }

  var customMirror: Mirror {
    Mirror(self, children: Self.specs.map { (label: $0.name, value: $0.argument) })
  }

  /// In the order of the help: required options first.
  private static var specs: [OptionSpec] {
    let specs = Table.options.filter(\.isOnCommandLine)
    return specs.filter(\.isRequiredOnCommandLine) + specs.filter { !$0.isRequiredOnCommandLine }
  }

  /// The given options as arguments for another process, except `names`.
  func arguments(without names: [String]) -> [String] {
    given.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.flatMap { name, option in
      let isFlag = Self.specs.contains { $0.name == name && $0.type == .flag }
      return isFlag ? ["--\(name)"] : option.values.flatMap { ["--\(name)", $0.value] }
    }
  }
}

/// The key of an option among the parser's values.
private struct OptionName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
