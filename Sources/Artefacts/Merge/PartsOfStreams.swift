import Moments

/// Whether states that are parts of streams belong together.
package enum PartsOfStreams {
  /// Refuses parts of one stream that were divided in different ways, because their samples overlap. Throws
  /// ``MomentsError``.
  package static func check(_ states: [StateReader]) throws {
    var firsts: [String: (name: String, part: PartOfStream)] = [:]
    for state in states {
      guard let part = state.provenance.part, !part.stream.isEmpty else { continue }
      guard let first = firsts[part.stream] else {
        firsts[part.stream] = (state.name, part)
        continue
      }
      guard part.count == first.part.count, part.rule == first.part.rule else {
        throw MomentsError(
          .badState, file: state.name, position: "attribute part_of",
          expected: "\(words(first.part)), as in \(first.name)", found: words(part),
          advice: "name the parts of one run of accumulate; remove those of earlier runs")
      }
    }
  }

  private static func words(_ part: PartOfStream) -> String { "parts of \(part.count), by \(part.rule)" }

  /// Warnings of parts that are missing, and of a part beside the whole.
  package static func warnings(_ states: [StateReader]) -> [String] {
    var (found, wholes): ([String: Set<Int>], [String: String]) = ([:], [:])
    for state in states {
      let made = state.provenance
      if let part = made.part { found[part.stream, default: []].insert(part.number) }
      if made.part == nil, !made.samplesDigest.isEmpty { wholes[made.samplesDigest] = state.name }
    }
    var (warnings, said): ([String], Set<String>) = ([], [])
    for state in states {
      guard let part = state.provenance.part, said.insert(part.stream).inserted else { continue }
      let missing = part.count - (found[part.stream]?.count ?? 0)
      if missing > 0 {
        warnings.append("\(missing) of the \(part.count) parts that \(state.name) belongs to are missing")
      }
      if let whole = wholes[part.stream] {
        warnings.append("\(state.name) is a part of \(whole), so its samples count twice; name one or the other")
      }
    }
    return warnings
  }
}
