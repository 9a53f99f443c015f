import Engine
import Support

/// Results on standard output.
enum Results {
  /// Prints a result. Throws `RunError` where standard output cannot be written.
  static func print(_ text: String) throws {
    do {
      try StandardStreams.writeResult(text)
    } catch {
      throw RunError(
        file: "standard output", expected: "to write the results", found: "\(error)",
        advice: "check where it goes, or name a file with --output where the verb has it")
    }
  }
}
