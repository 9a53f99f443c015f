import Formats
import Support

extension PositionOverview {
  /// The facts for an ``Inspection``.
  var facts: [(String, JSONValue)] {
    let counted: [(String, JSONValue)] = [
      ("classes", .integer(classes)),
      ("smallest_token", tokenRange.map { .integer(Int($0.lowerBound)) } ?? .null),
      ("largest_token", tokenRange.map { .integer(Int($0.upperBound)) } ?? .null),
      ("negative", .integer(negative)),
    ]
    return [
      ("kind", .string("\(isTokens ? "token ids" : "features") by position (\(container))")), ("type", .string(type)),
      ("shape", shape.map { .array($0.map { .integer($0) }) } ?? .null), ("positions", .integer(positions)),
    ] + (isTokens ? counted : [])
  }
}
