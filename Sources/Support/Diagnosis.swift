/// What every error of this project says: where, what was expected, what was found, and what to do.
///
/// The fields hold texts as they are. ``summary`` and ``description`` show them by ``VisibleText``, each in one line.
package struct Diagnosis: Sendable, Equatable, CustomStringConvertible {
  /// The file as the user named it, `-`, or nil if no file is involved.
  package var file: String?
  /// Where in the file: a byte, row or line, in words and with its unit.
  package var position: String?
  package var expected: String
  package var found: String
  /// How the user can fix it, in the imperative.
  package var advice: String

  package init(file: String? = nil, position: String? = nil, expected: String, found: String, advice: String) {
    (self.file, self.position, self.expected, self.found) = (file, position, expected, found)
    self.advice = advice
  }

  /// Everything but the advice, in one line.
  package var summary: String {
    let place = [file, position].compactMap { $0 }.joined(separator: ", ")
    return VisibleText.line("\(place.isEmpty ? "" : "\(place): ")expected \(expected), found \(found)")
  }

  package var description: String { "\(summary)\n  → \(VisibleText.line(advice))" }
}

/// An error that carries a ``Diagnosis`` and knows whether the user's data or the environment is at fault.
package protocol DiagnosedError: Error, CustomStringConvertible {
  var diagnosis: Diagnosis { get }
  /// Whether the input is at fault (exit 65) rather than the machine or the call.
  var isBadInput: Bool { get }
  /// Whether the call is at fault (exit 64): another name or option is all it takes.
  var isUsage: Bool { get }
}

extension DiagnosedError {
  package var description: String { diagnosis.description }
  package var isUsage: Bool { false }
}

/// An error from another part of the program, reworded by the code that passes it on.
package struct RewordedError: DiagnosedError {
  package let diagnosis: Diagnosis
  /// The original error.
  package let base: any DiagnosedError

  package var isBadInput: Bool { base.isBadInput }
  package var isUsage: Bool { base.isUsage }

  package init(_ error: any DiagnosedError, _ change: (inout Diagnosis) -> Void) {
    var diagnosis = error.diagnosis
    change(&diagnosis)
    (self.diagnosis, base) = (diagnosis, (error as? RewordedError)?.base ?? error)
  }
}

/// Adds the file to errors from modules that do not know about files.
package enum ErrorInFile {
  /// Calls `body` and adds `file` to errors thrown without one, which become ``RewordedError``.
  package static func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as any DiagnosedError where error.diagnosis.file == nil {
      throw RewordedError(error) { $0.file = file }
    }
  }
}
