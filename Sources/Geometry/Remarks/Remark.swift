import Support

/// What a careful colleague would say about measurements: how far they can be trusted, and what is missing.
package struct Remark: Sendable, Equatable {
  /// What it is about; the most important comes first.
  package enum Topic: String, CaseIterable, Sendable {
    /// A large part of the between-class trace is sampling noise.
    case noise
    /// Classes of one sample have no variance.
    case singleSamples = "single_samples"
    /// There are about as many classes as features, so Σ_B has small eigenvalues.
    case nearSingular = "near_singular"
    /// There are more classes than a simplex can have.
    case aboveSimplex = "above_simplex"
    /// Measurements are present but have no value.
    case undefined
    /// Σ_W is of other samples than the classes measured.
    case otherSamples = "other_samples"
    /// Several models are compared by what depends on the scale of their features.
    case scale
    /// Measurements are absent because an input they need was not given.
    case absent
  }

  package let topic: Topic
  /// Plain words, without names of files and options.
  package let text: String
  /// The missing input.
  package let need: Requirement?

  init(_ topic: Topic, _ text: String, need: Requirement? = nil) {
    (self.topic, self.text, self.need) = (topic, text, need)
  }

  /// The member of results that holds remarks.
  static let member = "remarks"

  /// All remarks on measurements, the most important first.
  static func remarks(on measurements: [Measurement], of geometry: ClassGeometry) -> [Remark] {
    let subject = Subject(measurements: measurements, geometry: geometry)
    let found: [Remark?] = [
      noise(subject), singleSamples(subject), nearSingular(subject), aboveSimplex(subject), otherSamples(subject),
    ]
    let remarks = found.compactMap(\.self) + undefined(subject) + absent(subject)
    return Topic.allCases.flatMap { topic in remarks.filter { $0.topic == topic } }
  }

  /// What remarks are made about.
  struct Subject {
    let measurements: [Measurement]
    let geometry: ClassGeometry

    var classes: Int { geometry.means.classes }
    var dimension: Int { geometry.means.dimension }

    /// A number that was measured and has a value.
    func number(_ entry: StatisticEntry, _ part: StatisticEntry.Part = .value) -> Double? {
      measurements.first { $0.entry == entry }?.number(part)
    }
  }
}

extension [Remark] {
  /// An array of objects with `id` and `text`.
  var json: JSONValue {
    .array(map { ["id": .string($0.topic.rawValue), "text": .string($0.text)] })
  }
}
