/// How many remarks people see. Results in JSON hold all of them.
package enum ShownRemarks: String, CaseIterable, Sendable {
  /// At most five lines, the most important first.
  case few
  case all

  private static let mostLines = 5

  /// The lines to show.
  ///
  /// - Parameters:
  ///   - texts: all remarks, the most important first.
  ///   - more: how to see the remarks that are left out, after their number.
  package func lines(_ texts: [String], more: String) -> [String] {
    guard self == .few, texts.count > Self.mostLines else { return texts }
    let shown = texts.prefix(Self.mostLines - 1)
    return shown + ["\(texts.count - shown.count) more remarks: \(more)"]
  }
}
