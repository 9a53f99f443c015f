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
      guard part.isPart(like: first.part) else {
        throw MomentsError(
          .badState, file: state.name, position: "attribute part_of",
          expected: "\(words(first.part)), as in \(first.name)", found: words(part),
          advice: "name the parts of one run of accumulate; remove those of earlier runs")
      }
    }
  }

  private static func words(_ part: PartOfStream) -> String { "parts of \(part.count), by \(part.rule)" }

  /// Warnings of parts that are missing, of parts that overlap, of a part beside the whole, and of the whole beside the
  /// merge of all its parts.
  package static func warnings(_ states: [StateReader]) -> [String] {
    var (found, wholes): ([String: Set<Int>], [String: StateReader]) = ([:], [:])
    var (warnings, said): ([String], Set<String>) = ([], [])
    for state in states {
      let (made, stream) = (state.provenance, state.provenance.streamDigest)
      if let part = made.part {
        // Equal parts are warned of as the same samples.
        if part.numbers.count > 1 || !states.contains(where: { $0 !== state && $0.provenance.part == part }),
          !found[stream, default: []].isDisjoint(with: part.numbers)
        {
          warnings.append(
            "\(state.name) has parts that another state has too, so they count twice; name each part once")
        }
        found[stream, default: []].formUnion(part.numbers)
      } else if !stream.isEmpty {
        // Equal states are warned of as the same samples.
        if let other = wholes.updateValue(state, forKey: stream), other.provenance.samplesDigest != made.samplesDigest {
          warnings.append("\(state.name) is of the same stream as \(other.name), so it counts twice; name one of them")
        }
      }
    }
    for state in states {
      guard let part = state.provenance.part, said.insert(part.stream).inserted else { continue }
      let missing = part.count - (found[part.stream]?.count ?? 0)
      if missing > 0 {
        warnings.append("\(missing) of the \(part.count) parts that \(state.name) belongs to are missing")
      }
      if let whole = wholes[part.stream] {
        warnings.append("\(state.name) is a part of \(whole.name), so its samples count twice; name one or the other")
      }
    }
    return warnings
  }
}
