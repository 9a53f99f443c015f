import ArgumentParser
import Plan

/// The options of a table as the command line takes them: the argument parser finds them where it looks for properties.
///
/// It reflects an instance for its wrapped properties, and decodes one by their names; both answer from the table.
struct Options<Table: OptionTable>: ParsableArguments, CustomReflectable {
  /// What was given, by option.
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

  /// As the help lists them: first what must be given.
  private static var specs: [OptionSpec] {
    let specs = Table.options.filter(\.isOnCommandLine)
    return specs.filter(\.isRequiredOnCommandLine) + specs.filter { !$0.isRequiredOnCommandLine }
  }

  /// The same options for another process, but for some.
  func arguments(without names: [String]) -> [String] {
    given.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.flatMap { name, option in
      option.values.flatMap { ["--\(name)", $0.value] }
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
