import Logging
import Support

extension Logger {
  /// Texts that go on lines of their own below a message, by key of its metadata, and what each line starts with.
  /// A log line itself has no line breaks, because texts from files may have them.
  package static let marks = ["advice": "→", "log": "|"]

  /// Warns of an error that does not end the run.
  package func warning(_ what: String, of error: any Error) {
    let diagnosis = (error as? any DiagnosedError)?.diagnosis
    warning(
      "\(what): \(diagnosis?.summary ?? "\(error)")", metadata: diagnosis.map { ["advice": .string($0.advice)] })
  }
}
