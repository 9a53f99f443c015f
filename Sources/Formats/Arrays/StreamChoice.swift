import Samples

/// The choices of a stream that have been said, so that each is said once.
struct StreamChoices {
  private var said: Set<String> = []
  /// Batches of one input usually share a choice, and comparing with it is quick.
  private var last: StreamChoice?
  /// A file may hold any number of them.
  private static let most = 100

  /// What remains to be said of a choice.
  mutating func new(_ choice: StreamChoice?) -> [String] {
    guard let choice, choice != last, said.count < Self.most else { return [] }
    last = choice
    return said.insert(choice.key).inserted ? [choice.words] : []
  }
}

/// What was chosen to read an input: its arrays, and what their integers mean. Every verb says it once per stream.
struct StreamChoice: Equatable {
  /// In words: `labels: /labels [N] int64, features: /hidden [N × 768] float16, labels are next tokens`.
  let words: String
  /// The same without groups, so that the groups and files of a stream share it.
  let key: String

  /// One array of the choice.
  struct Part {
    /// `labels`, `tokens`, `features` or `predictions`.
    let role: String
    let indices: Int
    /// Numbers per row or position, if it holds features.
    var dimension: Int?
    let type: String
    /// Path and last component; nil in a file without names.
    let name: (path: String, leaf: String)?

    init(_ role: String, indices: Int, type: String, _ name: (path: String, leaf: String)?) {
      (self.role, self.indices, self.type, self.name) = (role, indices, type, name)
    }

    init(_ role: String, _ array: any StreamArray, _ name: (path: String, leaf: String)?) {
      self.init(role, indices: array.shape.count, type: array.elementType?.name ?? array.typeName, name)
      if role == "features" { dimension = array.shape.last }
    }

    fileprivate func words(_ name: String?, _ convention: Convention) -> String {
      let counting = indices - (dimension == nil ? 0 : 1)
      let symbols =
        switch convention {
        case .each, .labels: ["N"]
        case .nextTokens: counting == 1 ? ["T"] : ["S", "T"]
        }
      let extents = symbols + (dimension.map { ["\($0)"] } ?? [])
      return "\(role): \(name.map { $0 + " " } ?? "")[\(extents.joined(separator: " × "))] \(type)"
    }
  }

  /// How samples get labels.
  enum Convention {
    /// Every integer is counted.
    case each
    /// Each row has its label.
    case labels
    /// The label of a position is the next token; in words, where sequences end.
    case nextTokens(sequences: String)

    fileprivate var words: String {
      switch self {
      case .each: "each is counted"
      case .labels: "labels are next tokens"
      case .nextTokens(let sequences): "the label of a position is the next token, \(sequences)"
      }
    }
  }

  /// - Parameter isOneOfSeveral: whether the file holds several such groups, so that no path stands for all.
  init(_ parts: [Part], _ convention: Convention, isOneOfSeveral: Bool = false) {
    func words(_ name: (Part) -> String?) -> String {
      (parts.map { $0.words(name($0), convention) } + [convention.words]).joined(separator: ", ")
    }
    key = words { $0.name?.leaf }
    self.words = isOneOfSeveral ? key + ", in each group" : words { $0.name?.path }
  }
}

/// The choice of the last batch of arrays in order. Batches alike are described once.
struct OrderedChoice {
  private(set) var choice: StreamChoice?
  private var kinds: Kinds?

  /// What the words depend on.
  private struct Kinds: Equatable {
    let types: [ElementType?]
    let dimension: Int?
  }

  mutating func note(labels: ArrayHeader, predictions: ArrayHeader? = nil, features: ArrayHeader) {
    let now = Kinds(types: [labels.type, predictions?.type, features.type], dimension: features.shape.last)
    guard now != kinds else { return }
    kinds = now
    let between = predictions.map { [StreamChoice.Part("predictions", $0, nil)] } ?? []
    choice = StreamChoice([.init("labels", labels, nil)] + between + [.init("features", features, nil)], .labels)
  }
}
