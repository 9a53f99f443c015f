extension ClassColumnEntry {
  /// n_c in each of two states.
  package static let countA = Self(name: "count_a", title: "samples in A", kind: .integer)
  package static let countB = Self(name: "count_b", title: "samples in B", kind: .integer)
  /// ‖m_c‖ in each.
  package static let normA = Self(name: "norm_a", title: "norm in A", kind: .number)
  package static let normB = Self(name: "norm_b", title: "norm in B", kind: .number)
  /// e_c in each; undefined if no class of the state has two samples.
  package static let meanErrorA = Self(name: "mean_error_a", title: "noise in A", kind: .number)
  package static let meanErrorB = Self(name: "mean_error_b", title: "noise in B", kind: .number)
  /// cos(m_A, m_B); undefined without a common basis, or for a class at a global mean.
  package static let meanCosine = Self(name: "mean_cosine", title: "cos(m_A, m_B)", kind: .number)
  /// ‖μ_A − μ_B‖², and the same less e_A + e_B.
  package static let squaredDistance = Self(
    name: "squared_distance", title: "squared distance", kind: .number)
  package static let correctedDistance = Self(
    name: "squared_distance_corrected", title: "corrected for noise", kind: .number)

  /// The columns that only a table of two states has.
  static let compared = [
    countA, countB, normA, normB, meanErrorA, meanErrorB, meanCosine, squaredDistance, correctedDistance,
  ]
}

extension ClassTable {
  /// The common classes of two states, by ascending token id.
  init(_ a: ComparedState, _ b: ComparedState, _ movements: ClassMovements?) {
    let (one, two) = (a.means, b.means)
    let unknown = [Double?](repeating: nil, count: one.classes)
    self.init(columns: [
      ClassColumn(.token, .integers(one.tokens.map { Int($0) })),
      ClassColumn(.countA, .integers(one.counts)), ClassColumn(.countB, .integers(two.counts)),
      ClassColumn(.normA, .numbers(one.norms)), ClassColumn(.normB, .numbers(two.norms)),
      ClassColumn(.meanErrorA, .numbers(a.meanErrors ?? unknown)),
      ClassColumn(.meanErrorB, .numbers(b.meanErrors ?? unknown)),
      ClassColumn(.meanCosine, .numbers(movements?.cosines ?? unknown)),
      ClassColumn(.squaredDistance, .numbers(movements?.squaredDistances ?? unknown)),
      ClassColumn(.correctedDistance, .numbers(movements?.corrected ?? unknown)),
    ])
  }

  /// Whether it is of the common classes of two states.
  package var comparesStates: Bool { self[.countA] != nil && self[.countB] != nil }

  /// How far each class moved: the corrected squared distance if there is one, else the raw one.
  package var movement: ClassColumn? {
    [ClassColumnEntry.correctedDistance, .squaredDistance].lazy.compactMap { self[$0] }
      .first { column in column.numbers.contains { $0 != nil } }
  }
}
