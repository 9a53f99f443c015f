import Samples
import Storage

/// Finds, among the arrays of a file, labels and features that belong together.
///
/// Arrays belong together that are in the same group, as the datasets of an HDF5 group are; a file may hold a pair for each
/// of many groups, such as sequences. In a group, labels are what is named so, else `labels`, else the only 1-d array of
/// integers; features are what is named so, else `embeddings`, else `features`, else the only 2-d array of floats;
/// predictions are what is named so, else `predictions`, where there are any. Groups are taken in natural order (2 before
/// 10), the file's own first; a pair that links show in several of them is taken in the first alone. Two names that are whole
/// paths are one pair, wherever they are.
struct ArrayPairing {
  /// Indices of the arrays of a pair.
  struct Pair: Equatable {
    let labels: Int
    let predictions: Int?
    let features: Int
    /// The number of its group, where a file holds a pair for each of several.
    var sequence: Int?
  }

  /// An array that may be taken.
  struct Candidate {
    let path: String
    let shape: [Int]
    let type: ElementType?
    /// The index of the first candidate that is the same array, where links give one several paths.
    var first: Int?
  }

  let file: String
  let names: ArrayNames
  /// Whether uint16 may be features.
  let uint16IsBFloat16: Bool
  let candidates: [Candidate]
  /// Why something in the file cannot be opened: it may be what is looked for, so only what is named can be chosen then.
  let unreadable: StreamError?
  private let places: [(group: Substring, leaf: Substring)]

  /// - Parameter separator: between the names of groups in a path.
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

  /// The pairs, in the order of the stream. Throws ``StreamError`` where there is none, or half of one, and ``unreadable``.
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
    guard !pairs.isEmpty else { throw none }
    guard pairs.count > 1 else { return pairs }
    return pairs.enumerated().map {
      Pair(labels: $1.labels, predictions: $1.predictions, features: $1.features, sequence: $0)
    }
  }

  /// The array whose whole path is that.
  private func whole(_ name: String?) -> Int? {
    guard let name else { return nil }
    return candidates.indices.first { Self.isPath(name, candidates[$0].path) }
  }

  private func first(_ index: Int) -> Int { candidates[index].first ?? index }

  private static func isPath(_ name: String, _ path: String) -> Bool { name == path || "/" + name == path }

  /// Whether the last part of an array's path, or all of it, is that.
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
      .badOrder, file: file, position: "“\(candidates[index].path)”", expected: "\(lacks) beside it", found: "none",
      advice: "say which array they are with --labels and --features; the file holds \(held)")
  }

  private var none: StreamError {
    StreamError(
      .badOrder, file: file, expected: "labels (1-d integers) and features (2-d floats)",
      found: candidates.isEmpty ? "no arrays" : held, advice: "say which arrays they are with --labels and --features")
  }

  /// The arrays, the first of them.
  var held: String {
    candidates.prefix(12).map { "\($0.path) \($0.type?.name ?? "other") \($0.shape)" }.joined(separator: ", ")
      + (candidates.count > 12 ? ", …" : "")
  }
}
