import Support

/// An error that keeps a report from being made.
package struct ReportError: DiagnosedError, Equatable {
  /// False if gnuplot is missing or fails.
  package let isBadInput: Bool
  package let diagnosis: Diagnosis

  init(
    isBadInput: Bool = true, file: String? = nil, position: String? = nil, expected: String, found: String,
    advice: String
  ) {
    self.isBadInput = isBadInput
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }
}
