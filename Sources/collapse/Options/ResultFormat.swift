import ArgumentParser
import Engine
import Foundation
import Support

/// How results are printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case json

  /// The default: a table on a terminal, JSON elsewhere.
  static var standard: ResultFormat { isatty(STDOUT_FILENO) == 1 ? .table : .json }
}

struct FormatOption: VerbOptions {
  @Option(help: "table or json; by default a table on a terminal, JSON elsewhere.")
  var format: ResultFormat?

  var resolved: ResultFormat { format ?? .standard }

  /// Prints a result on standard output.
  func print(table: @autoclosure () -> String, json: @autoclosure () -> JSONValue) throws {
    try print(table: table(), json: json().text)
  }

  func print(table: @autoclosure () -> String, json: @autoclosure () -> String) throws {
    try resolved == .table ? Results.print(table()) : Results.print(json: json())
  }

  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {
    guard !isWritten || format != nil else { return }
    for result in results { try print(table: result.table, json: result.measures) }
  }
}
