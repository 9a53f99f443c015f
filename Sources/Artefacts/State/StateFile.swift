import HDF5
import Moments
import Storage
import Support

/// The format of a state: an HDF5 file of the K classes seen, by ascending token id.
///
/// | object | what |
/// | --- | --- |
/// | `/classes/token` [K] int32 | token ids |
/// | `/classes/count` [K] int64 | n_c |
/// | `/classes/mean` [K, d] float64 | μ_c |
/// | `/classes/mean_carry` [K, d] float64 | only for Float32 and Float64 features: what the rounding of μ_c left over |
/// | `/classes/m2` [K] float64 | Σ‖h − μ_c‖² |
/// | `/within/scatter` [d, d] float64 | Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, where it was asked for |
///
/// Attributes of the root: `format`, `format_version`, `tool`, `made_by`, `dimension`, `vocabulary`, `vocabulary_given`,
/// `classes`, `samples`, `skipped_nonfinite`, `features`, `within`, `parts`, `samples_digest`, and `checksum` over all of
/// the numbers and the attributes from `dimension` on. The same moments give the same bytes.
enum StateFormat {
  static let name = "collapse-moments"
  static let version = 1
  /// The largest sum that a state holds (samples, rows skipped, parts): what a double counts exactly, so that thousands of
  /// states add up without an overflow.
  static let largestCount = 1 << 53

  /// Bytes of a class's numbers.
  static func classBytes(dimension: Int, carriesMeans: Bool) -> Int {
    dimension * MemoryLayout<Double>.size * (carriesMeans ? 2 : 1) + 20
  }

  /// Bytes of a state's numbers: the file is some KiB larger.
  static func bytes(dimension: Int, classes: Int, carriesMeans: Bool, within: WithinScatter) -> Int {
    classes * classBytes(dimension: dimension, carriesMeans: carriesMeans)
      + (within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size)
  }

  /// Bytes in words, rounded up.
  static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 20 - 1) >> 20) MiB" }

  /// The error about `item` of the state `name`.
  static func bad(
    _ name: String, _ item: String, _ expected: String, _ found: String,
    _ advice: String = "the state is damaged: accumulate it again"
  ) -> MomentsError {
    MomentsError(
      .badState, Diagnosis(file: name, position: item, expected: expected, found: found, advice: advice))
  }

  /// Adds up `counts`, none negative, to `start`. Throws ``MomentsError`` where the sum exceeds ``largestCount``.
  @discardableResult
  static func checkSum(_ counts: [Int], from start: Int = 0, _ what: String) throws -> Int {
    try counts.reduce(start) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      guard !overflow, next <= largestCount else {
        throw MomentsError(
          .overflow,
          Diagnosis(
            expected: "at most \(largestCount) \(what)", found: "\(sum) and \(count) more",
            advice: "merge fewer states"))
      }
      return next
    }
  }
}

/// What a state says of its numbers: the attributes that its checksum covers.
struct StateHeader: Equatable {
  let dimension: Int
  let classes: Int
  let samples: Int
  let within: WithinScatter
  let provenance: Provenance

  /// By name, in the order of the format.
  var attributes: [(name: String, value: HDF5Attribute)] {
    [
      ("dimension", .int(dimension)),
      ("vocabulary", .int(provenance.vocabulary)),
      ("vocabulary_given", .int(provenance.vocabularyWasGiven ? 1 : 0)),
      ("classes", .int(classes)),
      ("samples", .int(samples)),
      ("skipped_nonfinite", .int(provenance.skipped)),
      ("features", .text(provenance.features.joined(separator: ","))),
      ("within", .text(within.rawValue)),
      ("parts", .int(provenance.parts)),
      ("samples_digest", .text(provenance.samplesDigest)),
    ]
  }
}

/// The checksum of a state: one sum per dataset and one of the attributes, combined in the order of the format.
struct StateChecksum {
  let tokens = Checksum()
  let counts = Checksum()
  let means = Checksum()
  let carries = Checksum()
  let m2 = Checksum()
  let scatter = Checksum()

  func update(_ rows: MomentsTable) {
    rows.means.withUnsafeElements { update(tokens: rows.tokens, counts: rows.counts, m2: rows.m2, means: $0) }
    if let carry = rows.carry { carries.update(carry.elements) }
  }

  /// Classes but for the carries of their means.
  func update(tokens: [Int32], counts: [Int], m2: [Double], means: UnsafeBufferPointer<Double>) {
    self.tokens.update(tokens)
    self.counts.update(counts)
    self.m2.update(m2)
    self.means.update(UnsafeRawBufferPointer(means))
  }

  func value(with header: StateHeader) -> String {
    let attributes = Checksum()
    for (name, value) in header.attributes {
      switch value {
      case .int(let number): attributes.update("\(name)=\(number)\n")
      case .text(let text): attributes.update("\(name)=\(text)\n")
      }
    }
    let all = Checksum()
    for part in [attributes, tokens, counts, means, carries, m2, scatter] { all.update(part.value) }
    return all.value
  }
}
