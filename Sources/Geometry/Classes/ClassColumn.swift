/// One column of a table of classes: what it is, and a value a class, nil where it is undefined.
public struct ClassColumn: Sendable, Equatable {
  package let entry: ClassColumnEntry
  public let values: Values

  public enum Values: Sendable, Equatable {
    /// Token ids and counts, none negative.
    case integers([Int?])
    case numbers([Double?])
    case texts([String?])
  }

  package init(_ entry: ClassColumnEntry, _ values: Values) {
    self.entry = entry
    self.values = values
  }

  public var name: String { entry.name }

  /// Its integers; none where it has other values.
  public var integers: [Int?] { if case .integers(let values) = values { values } else { [] } }
  /// Its numbers; none where it has other values.
  public var numbers: [Double?] { if case .numbers(let values) = values { values } else { [] } }
  /// Its texts; none where it has other values.
  public var texts: [String?] { if case .texts(let values) = values { values } else { [] } }
}

/// What there is to know about a column of a table of classes.
package struct ClassColumnEntry: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A token, or a number of samples.
    case id, integer
    case number, text
  }

  /// Its name in files.
  package let name: String
  /// Its name for people.
  package let title: String
  package let kind: Kind

  private init(_ name: String, _ title: String, _ kind: Kind) {
    self.name = name
    self.title = title
    self.kind = kind
  }

  package static let token = Self("token", "token", .id)
  /// What the token stands for, and of what type it is, where there is a tokenizer.
  package static let text = Self("text", "text", .text)
  package static let type = Self("type", "type", .text)
  /// n_c.
  package static let count = Self("count", "samples", .integer)
  /// ‖m_c‖.
  package static let norm = Self("norm", "norm", .number)
  /// σ²_c.
  package static let variance = Self("variance", "variance", .number)
  /// Mean CDNV to the other classes, undefined where it is finite to none.
  package static let meanCDNV = Self("mean_cdnv", "mean CDNV", .number)
  /// The class with the largest ⟨û_c, û_c′⟩, of several the smallest token; undefined without a direction.
  package static let nearestToken = Self("nearest_token", "nearest", .id)
  package static let nearestText = Self("nearest_text", "its text", .text)
  /// That ⟨û_c, û_c′⟩.
  package static let nearestCoherence = Self("nearest_coherence", "its cosine", .number)
  /// cos(w_c, m_c), undefined without a classifier or where one of them is zero.
  package static let cosine = Self("cosine", "cos(w, m)", .number)
  /// Unseen samples of the class, undefined without decisions.
  package static let decided = Self("\(ClassifierAgreement.entry.id)_samples", "NC4 samples", .integer)
  /// Those of them on which classifier and nearest mean agree.
  package static let agreed = Self("\(ClassifierAgreement.entry.id)_hits", "NC4 hits", .integer)

  /// In the order of tables.
  package static let all = [
    token, text, type, count, norm, variance, meanCDNV, nearestToken, nearestText, nearestCoherence, cosine, decided,
    agreed,
  ]

  /// The column of a name, which may be of another version.
  package static func named(_ name: String) -> ClassColumnEntry {
    all.first { $0.name == name } ?? Self(name, name, .number)
  }
}
