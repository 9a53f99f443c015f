import Support

/// The system refuses something a run needs, such as memory or a priority. The user's data is not at fault.
package struct RunError: DiagnosedError, Equatable {
  package let diagnosis: Diagnosis
  package var isBadInput: Bool { false }

  package init(file: String? = nil, position: String? = nil, expected: String, found: String, advice: String) {
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }
}
