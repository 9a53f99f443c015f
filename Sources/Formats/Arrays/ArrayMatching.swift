import Samples
import Storage

/// Finds the labels and features that belong together among the arrays of a file.
///
/// Arrays in the same group belong together, like the datasets of an HDF5 group. A file may hold a pair in each of many
/// groups, such as sequences. In a group:
/// - labels are the array given by name, else `labels`, else the only 1-d integer array;
/// - features are the array given by name, else `embeddings`, else `features`, else the only 2-d float array;
/// - predictions are optional: the array given by name, else `predictions`.
///
/// Groups come in natural order (2 before 10), starting with the file's root. A pair that links repeat in several
/// groups counts only in the first. Two names that are full paths form one pair, wherever the arrays are.
struct ArrayMatching {
  /// Indices of a pair's arrays.
  struct Pair: Equatable {
    let labels: Int
    let predictions: Int?
    let features: Int
    /// The number of the pair's group, if the file holds several pairs.
    var sequence: Int?
  }

  /// An array to choose from.
  struct Candidate {
    let path: String
    let shape: [Int]
    let type: ElementType?
    /// The index of the first candidate for the same array, if links give it several paths.
    var first: Int?
  }

  let file: String
  let names: ArrayNames
  /// Whether uint16 arrays may be features.
  let uint16IsBFloat16: Bool
  let candidates: [Candidate]
  /// Why part of the file cannot be opened. That part may be the one wanted, so only named arrays can be chosen then.
  let unreadable: StreamError?
  private let places: [(group: Substring, leaf: Substring)]

  /// - Parameter separator: separates the names of groups in a path.
  init(
    file: String, names: ArrayNames, uint16IsBFloat16: Bool, _ candidates: [Candidate],
    separator: Character = "/", unreadable: StreamError? = nil
  ) {
    (self.file, self.names, self.uint16IsBFloat16) = (file, names, uint16IsBFloat16)
    (self.candidates, self.unreadable) = (candidates, unreadable)
    places = candidates.map { candidate in
      guard let end = candidate.path.lastIndex(of: separator) else { return ("", candidate.path[...]) }
      return (candidate.path[..<end], candidate.path[candidate.path.index(after: end)...])
    }
  }

  /// The pairs in stream order. Throws ``StreamError`` if there is no pair or an incomplete one, and ``unreadable`` if
  /// set.
  func pairs() throws -> [Pair] {
    if let labels = whole(names.labels), let features = whole(names.features) {
      return [Pair(labels: labels, predictions: whole(names.predictions), features: features)]
    }
    if let unreadable { throw unreadable }
    let groups = Dictionary(grouping: candidates.indices) { places[$0].group }
    let order = groups.keys.sorted { InputFiles.naturallyPrecedes(String($0), String($1)) }
    var taken: Set<[Int]> = []
    let pairs = try order.compactMap { group in try pair(group, groups[group] ?? []) }
      .filter { taken.insert([first($0.labels), first($0.features)]).inserted }
    guard !pairs.isEmpty else {
      throw StreamError(
        .badOrder, file: file, expected: "labels (1-d integers) and features (2-d floats)",
        found: candidates.isEmpty ? "no arrays" : held, advice: "name the arrays with --labels and --features"
      )
    }
    guard pairs.count > 1 else { return pairs }
    return pairs.enumerated().map {
      Pair(labels: $1.labels, predictions: $1.predictions, features: $1.features, sequence: $0)
    }
  }

  /// The array whose full path is the given name.
  private func whole(_ name: String?) -> Int? {
    guard let name else { return nil }
    return candidates.indices.first { Self.isPath(name, candidates[$0].path) }
  }

  private func first(_ index: Int) -> Int { candidates[index].first ?? index }

  private static func isPath(_ name: String, _ path: String) -> Bool { name == path || "/" + name == path }

  /// Whether `name` is an array's full path or its last component.
  func isNamed(_ index: Int, _ name: String) -> Bool {
    places[index].leaf == name || Self.isPath(name, candidates[index].path)
  }

  private func pair(_ group: Substring, _ members: [Int]) throws -> Pair? {
    func named(_ name: String) -> Int? { members.first { isNamed($0, name) } }
    let predictions = named(names.predictions ?? "predictions")
    let labels = names.labels.map { named($0) } ?? named("labels")
    let features = names.features.map { named($0) } ?? named("embeddings") ?? named("features")
    let integers = members.filter { isTokens($0) && $0 != predictions }
    let floats = members.filter { isFeatures($0) }
    let otherLabels = names.labels == nil && integers.count == 1 ? integers.first : nil
    let otherFeatures = names.features == nil && floats.count == 1 ? floats.first : nil
    if let labels = labels ?? otherLabels, let features = features ?? otherFeatures {
      return Pair(labels: labels, predictions: predictions, features: features)
    }
    if let labels { throw half(group, has: labels, lacks: "features") }
    if let features { throw half(group, has: features, lacks: "labels") }
    return nil
  }

  private func isTokens(_ index: Int) -> Bool {
    candidates[index].shape.count == 1 && candidates[index].type?.isInteger == true
  }

  private func isFeatures(_ index: Int) -> Bool {
    let (shape, type) = (candidates[index].shape, candidates[index].type)
    return shape.count == 2 && (type?.scalar != nil || uint16IsBFloat16 && type?.isUInt16 == true)
  }

  private func half(_ group: Substring, has index: Int, lacks: String) -> StreamError {
    StreamError(
      .badOrder, file: file, position: "“\(candidates[index].path)”", expected: "\(lacks) in the same group",
      found: "none",
      advice: "name the arrays with --labels and --features; the file holds \(held)")
  }

  /// The arrays, cut off after twelve.
  var held: String {
    candidates.prefix(12).map { "\($0.path) \($0.type?.name ?? "other") \($0.shape)" }.joined(separator: ", ")
      + (candidates.count > 12 ? ", …" : "")
  }
}
