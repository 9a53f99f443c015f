import Support

/// Tries one of several ways to read a file.
package enum Trial {
  /// What `body` returns; nil if it throws because the file's content does not fit. Rethrows an error that says nothing
  /// about the content: the file cannot be read, or the system has run out of something.
  package static func result<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch let error as any DiagnosedError where !isOfAccess(error) {
      return nil
    }
  }

  /// Whether an error says nothing about the file's content.
  package static func isOfAccess(_ error: any Error) -> Bool {
    switch error {
    case let error as RewordedError: isOfAccess(error.base)
    case let error as StreamError: [.unreadable, .shortage, .outOfMemory].contains(error.kind)
    default: !(error is any DiagnosedError)
    }
  }
}
