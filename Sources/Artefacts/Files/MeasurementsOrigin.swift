import Geometry
import Moments
import Storage
import Support

/// What measurements come from, as their provenance records it: the state, the output heads, and the tables that
/// `measure` wrote beside them. With it, measurements of different models are never combined in silence.
package enum MeasurementsOrigin {
  /// The member of measurements that holds the others.
  package static let member = "provenance"
  /// The version of the form of measurements, a number. From 2 on there may be standard errors. Without it, it is 1.
  package static let schema = "schema"
  /// The samples of the state.
  package static let samples = "samples_digest"
  /// The state.
  package static let state = "moments_checksum"
  /// The output head of NC3; see ``ClassifierIdentity``.
  package static let head = "head_digest"
  /// The output head of the decisions of NC4, or ``DecisionsProvenance/predictions``.
  package static let decisionsHead = "decisions_head_digest"
  /// The decisions of NC4.
  package static let decisions = "decisions_checksum"
  /// The table of token classes.
  package static let classes = "classes_digest"
  /// The histograms of pair statistics.
  package static let histograms = "histograms_digest"
  /// The spectra.
  package static let spectra = "spectra_digest"

  /// Whether a document states that this program made it.
  package static func isOwn(_ json: JSONValue) -> Bool {
    if case .string(let tool)? = json[member]?["tool"] { tool.hasPrefix("collapse ") } else { false }
  }

  /// The members that a row of a table of models keeps, so that rows of different models are not joined.
  package static let ofRow = [state, head, decisionsHead]

  /// The member for a head's rows selected by class, before the whole head was recorded.
  private static let selectedRows = "classifier_checksum"

  /// A text of the provenance of measurements.
  package static func text(_ name: String, of measures: JSONValue) -> String? {
    if case .string(let text)? = measures[member]?[name] { text } else { nil }
  }

  /// Refuses measurements of two heads. Returns a warning, to follow the name of the file, if it does not record them.
  package static func check(_ measures: JSONValue, _ file: String) throws -> String? {
    let (head, decided) = (text(head, of: measures), text(decisionsHead, of: measures))
    try checkHeads(head, decided, file)
    guard decided == nil, text(decisions, of: measures) != nil, head ?? text(selectedRows, of: measures) != nil else {
      return nil
    }
    return
      "does not record the output head of its decisions, as files of release 0.1.0. "
      + "So NC3 and NC4 may be of two models; decide and measure again to be sure"
  }

  /// Refuses one row of two heads: the one of NC3, and the one of the decisions of NC4.
  package static func checkHeads(_ head: String?, _ decided: String?, _ file: String) throws {
    guard let head, let decided, decided != DecisionsProvenance.predictions, decided != head else { return }
    throw MomentsError(
      .decisionsMismatch, file: file, position: decisionsHead, expected: "\(head), the output head of NC3",
      found: decided, advice: "decide and measure with the same classifier")
  }
}

extension ClassTable {
  /// The identity of its numbers, in whatever file they are.
  package var digest: String {
    let sum = Checksum()
    for entry in ClassColumnEntry.all where entry.kind != .text {
      guard let column = self[entry] else { continue }
      sum.update("\(entry.name)\n")
      let numbers = column.numbers
      for start in stride(from: 0, to: numbers.count, by: 1 << 16) {
        sum.update(numbers[start..<min(start + 1 << 16, numbers.count)].map { $0 ?? .nan })
      }
    }
    return sum.value
  }
}
