import Engine
import Support

/// Results on standard output.
enum Results {
  /// Prints a result. Throws `RunError` if standard output cannot be written.
  static func print(_ text: String) throws {
    do {
      try StandardStreams.writeResult(text)
    } catch {
      throw RunError(
        file: "standard output", expected: "to write the results", found: "\(error)",
        advice: "check where standard output goes, or use --output if the verb has it")
    }
  }
}
