import Moments

/// Whether states are of one model, as far as they record it.
package enum StatesOfOneModel {
  /// All vocabularies that were given must be equal, and hold every token of the other states. Throws ``MomentsError``.
  package static func checkVocabularies(_ states: [StateReader]) throws {
    guard let given = states.first(where: { $0.provenance.vocabularyWasGiven }) else { return }
    let size = given.provenance.vocabulary
    for state in states {
      let other = state.provenance
      guard other.vocabularyWasGiven ? other.vocabulary == size : other.vocabulary <= size else {
        throw MomentsError(
          .vocabularyMismatch, file: state.name, position: "attribute vocabulary",
          expected: "\(size), as in \(given.name)", found: "\(other.vocabulary)",
          advice: "take states of one tokenizer; accumulate them all with the same vocabulary")
      }
    }
  }

  /// A warning if states have no storage type in common. One model rarely writes them.
  package static func warnings(_ states: [StateReader]) -> [String] {
    let states = states.filter { !$0.provenance.features.isEmpty }
    guard let first = states.first,
      let other = states.first(where: { Set($0.provenance.features).isDisjoint(with: first.provenance.features) })
    else { return [] }
    func types(_ state: StateReader) -> String {
      "\(state.name) has \(state.provenance.features.joined(separator: " and "))"
    }
    return ["features of different types: \(types(first)), \(types(other)); check that they come from one model"]
  }
}
