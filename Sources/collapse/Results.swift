import Engine
import Support

/// Results on standard output.
enum Results {
  /// Prints a result. Throws ``ResultError`` where standard output cannot be written.
  static func print(_ text: String) throws {
    do {
      try StandardStreams.writeResult(text)
    } catch {
      throw ResultError(reason: "\(error)")
    }
  }
}

/// Standard output could not be written.
struct ResultError: DiagnosedError {
  let reason: String

  var isBadInput: Bool { false }
  var diagnosis: Diagnosis {
    Diagnosis(
      file: "standard output", expected: "to write the results", found: reason,
      advice: "check where it goes, or name a file with --output where the verb has it")
  }
}
