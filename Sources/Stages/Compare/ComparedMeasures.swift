import Artefacts
import Geometry
import Moments
import Report
import Support

/// The measurements of the two states that are compared, if the user gives them: their statistics beside each other, and
/// the identity of their output heads.
struct ComparedMeasures {
  private let documents: [JSONValue]

  /// - Parameter files: none, or the measurements of A and of B.
  /// - Throws: `MomentsError` if a file is of another state.
  init?(_ files: [String], of states: [StateReader]) throws {
    guard !files.isEmpty else { return nil }
    documents = try zip(files, states).map { file, state in
      let json = try MeasuresReader(file).json
      let found = MeasurementsOrigin.text(MeasurementsOrigin.state, of: json)
      guard found == state.checksum else {
        throw MomentsError(
          .badState, file: file, position: "provenance, \(MeasurementsOrigin.state)",
          expected: "\(state.checksum), the checksum of \(state.name)", found: found ?? "none",
          advice: "name the measurements of both states in the order of the states, or measure again")
      }
      return json
    }
  }

  /// The digests of the output heads, where they are recorded.
  var heads: [String?] {
    documents.map {
      MeasurementsOrigin.text(MeasurementsOrigin.head, of: $0)
        ?? MeasurementsOrigin.text(MeasurementsOrigin.decisionsHead, of: $0)
    }
  }

  /// The headline statistics of A and B.
  var json: JSONValue { ComparisonView.statistics(of: documents) }
}
