import Geometry
import Storage
import Support

/// Reads the measurements that `measure` writes: a JSON object with each size, statistic and grouping of classes, and
/// `provenance`.
package struct MeasuresReader {
  package let json: JSONValue

  /// No file of measurements is larger, in bytes.
  package static let largest = 256 << 20

  /// Files of measurements.
  package static let own = OwnFile.json { holds($0) && MeasurementsOrigin.isOwn($0) }

  /// Whether a document holds measurements: all of them count their samples.
  package static func holds(_ json: JSONValue) -> Bool { json[Sizes.samples.id]?.double != nil }

  /// Whether a member of measurements is a statistic or a size. The others are groups of classes, remarks and the like,
  /// which are arrays; what is known about errors; and the provenance.
  package static func isStatistic(_ member: JSONValue.Member) -> Bool {
    switch member.value {
    case .integer, .number, .null: true
    case .object: member.key != MeasurementsOrigin.member && Certainty(rawValue: member.key) == nil
    default: false
    }
  }

  /// Reads a file. Throws `StreamError`, or `JSONError` with the file's name, if it holds none.
  package init(_ name: String) throws {
    json = try WholeFile.json(name, limit: Self.largest, kind: "measurements").json
    guard Self.holds(json) else {
      throw StreamError(
        .unknownFormat, file: name, expected: "measurements: a JSON object with \(Sizes.samples.id)",
        found: "other JSON", advice: "name a file that measure wrote with --output")
    }
  }
}

extension MeasuresReader: ArtefactKind {
  /// `measure` writes the number of samples first. A file with another order is read to find out.
  static func recognizes(_ start: ArtefactStart) -> Bool {
    let text = String(decoding: start.bytes.dropFirst(ByteOrderMark.length(in: start.bytes)), as: UTF8.self)
    guard let object = text.prefixMatch(of: /\s*{\s*/) else { return false }
    if text[object.range.upperBound...].hasPrefix("\"\(Sizes.samples.id)\"") { return true }
    // If it cannot be read, opening it reports the error.
    do { return try Trial.result { try MeasuresReader(start.name) } != nil } catch { return true }
  }

  var facts: [(String, JSONValue)] {
    guard case .object(let members) = json, let samples = json[Sizes.samples.id] else { return [] }
    let sizes = [Sizes.samples, Sizes.classes, Sizes.dimension].map(\.id)
    func ids(_ fits: (JSONValue) -> Bool) -> [JSONValue] {
      members.filter { !sizes.contains($0.key) && Self.isStatistic($0) && fits($0.value) }.map { .string($0.key) }
    }
    let statistics = ids { $0 != .null }
    let undefined = ids { $0 == .null }
    var made: [JSONValue.Member] = []
    if case .object(let members)? = json[MeasurementsOrigin.member] { made = members }
    return [
      ("kind", "measurements (JSON)"),
      ("samples", samples),
      ("classes", json[Sizes.classes.id] ?? .null),
      ("dimension", json[Sizes.dimension.id] ?? .null),
      ("statistics", .array(statistics)),
    ] + (undefined.isEmpty ? [] : [("undefined", .array(undefined))]) + errors + made.map { ($0.key, $0.value) }
  }

  /// Which statistics have standard errors, and of which kind.
  private var errors: [(String, JSONValue)] {
    guard case .object(let known)? = json[Certainty.errors.rawValue] else { return [] }
    return [
      (Certainty.errors.rawValue, .array(known.map { .string($0.key) })),
      ("errors", json[Certainty.bias.rawValue] == nil ? "in closed form" : "of a jackknife"),
    ]
  }
}
