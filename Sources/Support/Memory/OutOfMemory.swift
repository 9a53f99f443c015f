/// The system refused memory for a large buffer.
package struct OutOfMemory: DiagnosedError, Equatable {
  package let diagnosis: Diagnosis
  package let isBadInput = false

  /// - Parameters:
  ///   - bytes: how much was asked for.
  ///   - purpose: what for, as in “the class means”.
  package init(bytes: Int, for purpose: String, limits: AddressSpace = .atStart) {
    let limit = limits.smallest
    diagnosis = Diagnosis(
      expected: "\(ByteCount.describe(bytes)) of memory for \(purpose)",
      found: limit.map { "no room below the limit of \(ByteCount.describe($0.bytes)) (ulimit \($0.option))" }
        ?? "none left on this machine",
      advice: limit.map { "raise the limit, as in ulimit \($0.option) unlimited, or give fewer --threads" }
        ?? "give the job more memory, or run it when the machine has more to spare")
  }
}
