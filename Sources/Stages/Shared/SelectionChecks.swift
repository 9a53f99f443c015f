import Geometry
import Plan

extension OptionDecoder {
  /// Reports `max-count` below `min-count`, and `types` without a tokenizer.
  mutating func checkSelection(_ filter: ClassFilter, types: Bool, hasTokenizer: Bool) {
    if let place = located("max-count")?.place, let most = filter.maxCount, most < filter.minCount {
      addProblem(
        place, "expected a max-count of at least min-count (\(filter.minCount)), found \(most)",
        advice: "raise \(place.name("max-count")), or lower \(place.name("min-count"))")
    }
    if types, !hasTokenizer, let place = located("types")?.place {
      addProblem(
        place, "types needs tokenizer, which gives the type of each token",
        advice: "add \(place.example("tokenizer", "tokenizer.json"))")
    }
  }
}
