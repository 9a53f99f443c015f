import ArgumentParser
import Foundation
import Support

/// How results are printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case json
}

struct FormatOption: ParsableArguments {
  @Option(help: "table or json; by default a table on a terminal, JSON elsewhere.")
  var format: ResultFormat?

  var resolved: ResultFormat { format ?? (isatty(STDOUT_FILENO) == 1 ? .table : .json) }

  /// Prints a result on standard output.
  func print(table: String, json: JSONValue) throws {
    try Results.print(resolved == .table ? table : json.text)
  }
}
