import Foundation
import Storage
import Support
import Testing

/// Expects a ``StreamError`` of that kind whose diagnosis names file and position, contains the given words, and has
/// text in each of its parts.
@discardableResult
package func expectError(
  _ kind: StreamError.Kind, file: String? = nil, position: String? = nil, mentioning words: String...,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> Diagnosis? {
  guard let error = #expect(throws: StreamError.self, sourceLocation: sourceLocation, performing: body) else {
    return nil
  }
  let diagnosis = error.diagnosis
  #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
  if let file { #expect(diagnosis.file == file, "\(error)", sourceLocation: sourceLocation) }
  if let position { #expect(diagnosis.position == position, "\(error)", sourceLocation: sourceLocation) }
  for word in words { #expect(error.description.contains(word), "\(error)", sourceLocation: sourceLocation) }
  for part in [diagnosis.expected, diagnosis.found, diagnosis.advice] {
    #expect(!part.isEmpty, "\(error)", sourceLocation: sourceLocation)
  }
  return diagnosis
}

/// Expects that `read`, which waits for a pipe, ends with a `CancellationError` when its task is cancelled.
///
/// It blocks one of the few threads that tasks share, so a separate thread does the cancelling.
package func expectCancellable(
  sourceLocation: SourceLocation = #_sourceLocation, _ read: @escaping @Sendable () throws -> Void
) async {
  let task = Task.detached { try read() }
  Thread.detachNewThread {
    Thread.sleep(forTimeInterval: 0.05)
    task.cancel()
  }
  await #expect(throws: CancellationError.self, sourceLocation: sourceLocation) { try await task.value }
}
