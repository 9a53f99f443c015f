import Samples
import Storage

/// Finds the labels, or tokens, and the features that belong together among the arrays of a file.
///
/// Arrays in the same group belong together, like the datasets of an HDF5 group. A file may hold a pair in each of many
/// groups, such as sequences. In a group:
/// - features are the array given by name, else the one with a usual name, else the only 2-d or 3-d float array;
/// - labels are the array given by name, else the integers with a usual name of labels;
/// - without labels, tokens by position are the integers with a usual name of tokens (``UsualNames``);
/// - predictions are optional: the array given by name, else `predictions`.
///
/// Integers under any other name may be either, so the user is asked. Groups come in natural order (2 before 10),
/// starting with the file's root. A pair that links repeat in several groups counts only in the first. Two names that
/// are full paths form one pair, wherever the arrays are.
struct ArrayMatching {
  /// Indices of a pair's arrays.
  struct Pair: Equatable {
    /// What the integers of a pair are.
    enum Kind: Equatable {
      /// The label of each row, with whether the user said so.
      case labels(isNamed: Bool)
      /// The token at each position.
      case tokens
      /// Called labels, beside tokens of the same size. If the two are equal, these are tokens as well.
      case labelsBeside(tokens: Int)
    }

    /// The labels or tokens.
    let labels: Int
    let predictions: Int?
    let features: Int
    var kind = Kind.labels(isNamed: true)
    /// The mask of the positions, if the group holds one.
    var mask: Int?
    /// Whether the file holds several pairs.
    var isOneOfSeveral = false
  }

  /// An array to choose from.
  struct Candidate {
    let path: String
    let shape: [Int]
    let type: ElementType?
    /// The index of the first candidate for the same array, if links give it several paths.
    var first: Int?

    /// The number of elements; nil if it overflows.
    var count: Int? {
      shape.reduce(1 as Int?) { product, extent in
        guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
        return next
      }
    }

    /// The array in words: `/labels int64 [400]`.
    var words: String { "\(path) \(type?.name ?? "other") \(shape)" }
  }

  let file: String
  let names: ArrayNames
  /// Whether uint16 arrays may be features.
  let uint16IsBFloat16: Bool
  let candidates: [Candidate]
  /// Why part of the file cannot be opened. That part may be the one wanted, so only named arrays can be chosen then.
  let unreadable: StreamError?
  /// Where the leaf of each path starts, in UTF-8.
  private let leaves: [Int]

  /// - Parameter separator: separates the names of groups in a path.
  init(
    file: String, names: ArrayNames, uint16IsBFloat16: Bool, _ candidates: [Candidate],
    separator: Character = "/", unreadable: StreamError? = nil
  ) {
    (self.file, self.names, self.uint16IsBFloat16) = (file, names, uint16IsBFloat16)
    (self.candidates, self.unreadable) = (candidates, unreadable)
    leaves = candidates.map { candidate in
      candidate.path.lastIndex(of: separator).map {
        candidate.path.utf8.distance(from: candidate.path.startIndex, to: $0) + 1
      }
        ?? 0
    }
  }

  /// The pairs in stream order. Throws ``StreamError`` if there is no pair or an incomplete one, if names leave open
  /// what an array is, and ``unreadable`` if set.
  func pairs() throws -> [Pair] {
    if let labels = whole(names.labels), let features = whole(names.features) {
      return [Pair(labels: labels, predictions: whole(names.predictions), features: features)]
    }
    if let unreadable { throw unreadable }
    let groups = Dictionary(grouping: candidates.indices, by: group)
    let order = groups.keys.sorted { InputFiles.naturallyPrecedes(String($0), String($1)) }
    var taken: Set<[Int]> = []
    var pairs = try order.compactMap { group in try GroupPair(groups[group] ?? [], of: self).pair() }
      .filter { taken.insert([first($0.labels), first($0.features)]).inserted }
    guard !pairs.isEmpty else {
      throw StreamError(
        .badOrder, file: file, expected: "labels (1-d integers) and features (2-d floats)",
        found: candidates.isEmpty ? "no arrays" : held, advice: "name the arrays with --labels and --features"
      )
    }
    if pairs.count > 1 { for index in pairs.indices { pairs[index].isOneOfSeveral = true } }
    return pairs
  }

  /// The array whose full path is the given name.
  func whole(_ name: String?) -> Int? {
    guard let name else { return nil }
    return candidates.indices.first { Self.isPath(name, candidates[$0].path) }
  }

  private func first(_ index: Int) -> Int { candidates[index].first ?? index }

  /// The same arrays, each once, if links give some several paths.
  func distinct(_ indices: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return indices.filter { seen.insert(first($0)).inserted }
  }

  private static func isPath(_ name: String, _ path: String) -> Bool { name == path || "/" + name == path }

  /// The group of an array: its path without the last component.
  private func group(_ index: Int) -> Substring {
    Substring(candidates[index].path.utf8.prefix(max(leaves[index] - 1, 0)))
  }

  /// The last component of an array's path.
  func leaf(_ index: Int) -> String { String(Substring(candidates[index].path.utf8.dropFirst(leaves[index]))) }

  /// Whether two arrays are in the same group.
  func areTogether(_ index: Int, _ other: Int) -> Bool { group(index) == group(other) }

  /// Whether `name` is an array's full path or its last component.
  func isNamed(_ index: Int, _ name: String) -> Bool {
    leaf(index) == name || Self.isPath(name, candidates[index].path)
  }

  /// Whether an array has one of these usual names.
  func isUsual(_ index: Int, _ names: [String]) -> Bool { names.contains(leaf(index).lowercased()) }

  /// The arrays, cut off after twelve.
  var held: String {
    candidates.prefix(12).map(\.words).joined(separator: ", ") + (candidates.count > 12 ? ", …" : "")
  }
}
