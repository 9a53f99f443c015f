import Geometry
import Storage
import Support

/// Reads a comparison of two states that `compare` wrote: a JSON object with each number of both, of each state (`a` and
/// `b`), of groups of classes, and `provenance`.
package struct ComparisonReader {
  package let json: JSONValue

  /// Files of comparisons.
  package static let own = OwnFile.json { holds($0) && MeasurementsOrigin.isOwn($0) }

  /// The member that every comparison has first: the number of classes that both states have.
  package static let first = "common_classes"

  /// Whether a document holds a comparison.
  package static func holds(_ json: JSONValue) -> Bool {
    json[first]?.double != nil && json["a"]?[Sizes.classes.id] != nil && json["b"]?[Sizes.classes.id] != nil
  }

  /// Reads a file. Throws `StreamError`, or `JSONError` with the file's name, if it holds none.
  package init(_ name: String) throws {
    json = try WholeFile.json(name, limit: MeasuresReader.largest, kind: "a comparison").json
    guard Self.holds(json) else {
      throw StreamError(
        .unknownFormat, file: name, expected: "a comparison of two states: a JSON object with \(Self.first), a and b",
        found: "other JSON", advice: "name a file that compare wrote with --output")
    }
  }
}

extension ComparisonReader: ArtefactKind {
  static func recognizes(_ start: ArtefactStart) -> Bool {
    let text = String(decoding: start.bytes.dropFirst(ByteOrderMark.length(in: start.bytes)), as: UTF8.self)
    return text.prefixMatch(of: /\s*{\s*"common_classes"/) != nil
  }

  var facts: [(String, JSONValue)] {
    guard case .object(let members) = json else { return [] }
    let numbers = members.filter { if case .array = $0.value { false } else { true } }
      .filter { !["a", "b", MeasurementsOrigin.member].contains($0.key) }
    var made: [JSONValue.Member] = []
    if case .object(let members)? = json[MeasurementsOrigin.member] { made = members }
    return [("kind", "comparison of two states (JSON)")] + numbers.map { ($0.key, $0.value) }
      + ["a", "b"].map { ($0, json[$0] ?? .null) } + made.map { ($0.key, $0.value) }
  }
}
