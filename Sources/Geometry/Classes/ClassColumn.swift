import Support

/// One column of a table of classes: its metadata and one value per class, nil if undefined.
package struct ClassColumn: Sendable, Equatable {
  package let entry: ClassColumnEntry
  package let values: Values

  package enum Values: Sendable {
    /// Token ids and counts, none negative.
    case integers([Int?])
    case numbers([Double?])
    case texts([String?])
    /// Read again whenever they are asked for.
    case stored(any StoredClassColumn)
  }

  package init(_ entry: ClassColumnEntry, _ values: Values) {
    (self.entry, self.values) = (entry, values)
  }

  package var name: String { entry.name }
  package var rows: Int {
    switch values {
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .texts(let values): values.count
    case .stored(let column): column.rows
    }
  }

  /// Its integers; empty for other values.
  package var integers: [Int?] { if case .integers(let values) = values { values } else { [] } }
  /// Its numbers, including integers; empty for texts.
  package var numbers: OptionalNumbers {
    switch values {
    case .integers(let values): OptionalNumbers(values.lazy.map { $0.map(Double.init) })
    case .numbers(let values): OptionalNumbers(values)
    case .texts: OptionalNumbers()
    case .stored(let column): entry.kind == .text ? OptionalNumbers() : column.numbers()
    }
  }

  /// Calls `body` with its texts in order; with none for other values.
  package func forEachText(_ body: (String?) throws -> Void) rethrows {
    switch values {
    case .texts(let values): for text in values { try body(text) }
    case .stored(let column): if entry.kind == .text { try column.forEachText(body) }
    case .integers, .numbers: break
    }
  }

  /// Its texts; empty for other values.
  package var texts: [String?] {
    var texts: [String?] = []
    forEachText { texts.append($0) }
    return texts
  }
}

extension ClassColumn.Values: Equatable {
  package static func == (a: Self, b: Self) -> Bool {
    let entries = [ClassColumnEntry.norm, .text]
    let (one, other) = (entries.map { ClassColumn($0, a) }, entries.map { ClassColumn($0, b) })
    return one[0].numbers == other[0].numbers && one[1].texts == other[1].texts
  }
}

/// A column in a file that was checked when it was opened. It takes little memory until it is read.
package protocol StoredClassColumn: Sendable {
  var rows: Int { get }
  /// Its numbers, if its entry is of numbers.
  func numbers() -> OptionalNumbers
  /// Calls `body` with its texts in order, if its entry is of texts.
  func forEachText(_ body: (String?) throws -> Void) rethrows
}

/// The metadata of a column of a table of classes.
package struct ClassColumnEntry: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A token id, or a count of samples.
    case id, integer
    case number, text
  }

  /// Its name in files.
  package let name: String
  /// Its name for people.
  package let title: String
  package let kind: Kind

  package static let token = Self(name: "token", title: "token", kind: .id)
  /// The token's text and its type, if there is a tokenizer.
  package static let text = Self(name: "text", title: "text", kind: .text)
  package static let type = Self(name: "type", title: "type", kind: .text)
  /// n_c.
  package static let count = Self(name: "count", title: "samples", kind: .integer)
  /// ‖m_c‖.
  package static let norm = Self(name: "norm", title: "norm", kind: .number)
  /// σ²_c.
  package static let variance = Self(name: "variance", title: "variance", kind: .number)
  /// Mean CDNV to the other classes; undefined if it is finite for none of them.
  package static let meanCDNV = Self(name: "mean_cdnv", title: "mean CDNV", kind: .number)
  /// The class with the largest ⟨û_c, û_c′⟩; ties go to the smallest token. Undefined without a direction.
  package static let nearestToken = Self(name: "nearest_token", title: "nearest", kind: .id)
  package static let nearestText = Self(name: "nearest_text", title: "its text", kind: .text)
  /// That ⟨û_c, û_c′⟩.
  package static let nearestCoherence = Self(name: "nearest_coherence", title: "its cosine", kind: .number)
  /// cos(w_c, m_c); undefined without a classifier, or if w_c or m_c is zero.
  package static let cosine = Self(name: "cosine", title: "cos(w, m)", kind: .number)
  /// Unseen samples of the class; undefined without decisions.
  package static let decided = Self(
    name: "\(ClassifierAgreement.entry.id)_samples", title: "NC4 samples", kind: .integer)
  /// The number of them on which classifier and nearest mean agree.
  package static let agreed = Self(name: "\(ClassifierAgreement.entry.id)_hits", title: "NC4 hits", kind: .integer)

  /// (Σv)²/Σv² over the features, v = Σ(h − μ_c)² of each; undefined if no feature varies. Absent, as those below, if the
  /// state has no second moments of features.
  package static let participationRatio = Self(
    name: "participation_ratio", title: "participation ratio", kind: .number)
  /// The features that vary most within the class, and their shares v/Σv.
  package static let features = (1...FeatureSpread.most).map { place in
    (
      feature: Self(name: "feature_\(place)", title: "feature \(place)", kind: .integer),
      share: Self(name: "feature_\(place)_share", title: "its share", kind: .number)
    )
  }

  /// In table order; those of ``StateComparison`` come last.
  package static let all =
    [
      token, text, type, count, norm, variance, meanCDNV, nearestToken, nearestText, nearestCoherence, cosine, decided,
      agreed, participationRatio,
    ] + features.flatMap { [$0.feature, $0.share] } + compared

  /// The column with that name. A name that another version wrote becomes a column of numbers.
  package static func named(_ name: String) -> ClassColumnEntry {
    all.first { $0.name == name } ?? Self(name: name, title: name, kind: .number)
  }
}
