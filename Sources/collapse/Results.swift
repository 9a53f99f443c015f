import Engine
import Support

/// Results on standard output.
enum Results {
  /// Prints a result for people, by ``VisibleText``. Throws `RunError` if standard output cannot be written.
  static func print(_ text: String) throws { try print(json: VisibleText.lines(text)) }

  /// Prints a table for programs (CSV, LaTeX): exactly, except on a terminal.
  static func print(data text: String) throws { try isatty(STDOUT_FILENO) == 1 ? print(text) : print(json: text) }

  /// Prints JSON for programs, in which names of files are as in ``FileName``.
  static func print(json text: String) throws {
    do {
      try StandardStreams.writeResult(text)
    } catch {
      throw RunError(
        file: "standard output", expected: "to write the results", found: "\(error)",
        advice: "check where standard output goes, or use --output if the verb has it")
    }
  }
}
