import ArgumentParser
import Plan

/// A declared argument whose parsed value is a list of strings.
protocol TextArgument: Decodable {
  var texts: [String] { get }
}

extension Option: TextArgument where Value: OptionTexts { var texts: [String] { wrappedValue.texts } }
extension Argument: TextArgument where Value: OptionTexts { var texts: [String] { wrappedValue.texts } }
extension Flag: TextArgument where Value: OptionTexts { var texts: [String] { wrappedValue.texts } }

/// A value of the argument parser, as strings.
protocol OptionTexts { var texts: [String] { get } }

extension String: OptionTexts { var texts: [String] { [self] } }
extension Bool: OptionTexts { var texts: [String] { self ? ["true"] : [] } }
extension Optional: OptionTexts where Wrapped: OptionTexts { var texts: [String] { map(\.texts) ?? [] } }
extension Array: OptionTexts where Element: OptionTexts { var texts: [String] { flatMap(\.texts) } }

extension OptionSpec {
  /// The option's declaration for the argument parser.
  var argument: any TextArgument {
    if verb.argument != nil { return positional }
    let name: NameSpecification = short.map { [.customLong(self.name), .customShort($0)] } ?? .customLong(self.name)
    if type == .flag { return Flag<Bool>(wrappedValue: false, name: name, help: argumentHelp) }
    if isList {
      return Option<[String]>(
        wrappedValue: [], name: name, parsing: type == .integer ? .unconditionalSingleValue : .singleValue,
        help: argumentHelp, completion: completion)
    }
    if let standard = verb.standard {
      return Option<String>(wrappedValue: standard, name: name, help: argumentHelp, completion: completion)
    }
    if isRequiredOnCommandLine { return Option<String>(name: name, help: argumentHelp, completion: completion) }
    return Option<String?>(name: name, help: argumentHelp, completion: completion)
  }

  private var positional: any TextArgument {
    guard isList else { return Argument<String>(help: argumentHelp, completion: completion) }
    guard isRequiredOnCommandLine else {
      return Argument<[String]>(wrappedValue: [], help: argumentHelp, completion: completion)
    }
    return Argument<[String]>(help: argumentHelp, completion: completion)
  }

  /// The given values, placed at the option's flag or argument name; nil if there are none.
  func given(_ texts: [String]) -> StageDescription.Option? {
    let place = SourcePosition.option(verb.argument?.uppercased() ?? "--\(name)")
    return texts.isEmpty ? nil : StageDescription.Option(place, texts.map { Located($0, place) })
  }

  /// The help as a sentence.
  private var argumentHelp: ArgumentHelp {
    let text = verb.help ?? help
    return ArgumentHelp("\(text.prefix(1).uppercased())\(text.dropFirst()).", valueName: verb.argument)
  }

  private var completion: CompletionKind? {
    switch type {
    case .file, .array, .output, .reference: .file()
    case .folder: .directory
    case .choice(let names): .list(names)
    default: nil
    }
  }
}
