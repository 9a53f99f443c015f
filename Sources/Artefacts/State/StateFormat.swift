import Moments

/// The format of a state: an HDF5 file of the K classes seen, by ascending token id.
///
/// | object | what |
/// | --- | --- |
/// | `/classes/token` [K] int32 | token ids |
/// | `/classes/count` [K] int64 | n_c |
/// | `/classes/mean` [K, d] float64 | μ_c |
/// | `/classes/mean_carry` [K, d] float64 | only for Float32 and Float64 features: the rounding error of μ_c |
/// | `/classes/m2` [K] float64 | Σ‖h − μ_c‖² |
/// | `/within/scatter` [d, d] float64 | Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, if requested |
///
/// Attributes of the root: `format`, `format_version`, `tool`, `made_by`, `dimension`, `vocabulary`,
/// `vocabulary_given`, `classes`, `samples`, `skipped_nonfinite`, `features`, `within`, `parts`, `samples_digest`, and
/// `checksum` over all numbers and the attributes from `dimension` on. The same moments give the same bytes.
struct StateFormat: Equatable {
  static let file = ArtefactFormat(
    name: "collapse-moments", version: 1, adviceForOthers: "name a state that accumulate or merge wrote",
    adviceForDamage: "the state is damaged: accumulate it again")

  let dimension: Int
  let classes: Int
  /// Whether each mean is two doubles.
  let keepsLowParts: Bool
  let within: WithinScatter

  /// Bytes of the numbers of one class.
  var classBytes: Int { dimension * MemoryLayout<Double>.size * (keepsLowParts ? 2 : 1) + 20 }

  /// Bytes of all numbers; the file is some KiB larger.
  var byteCount: Int {
    classes * classBytes + (within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size)
  }

  /// The attributes that the checksum covers.
  func attributes(samples: Int, _ made: Provenance) -> ArtefactFormat.Attributes {
    [
      ("dimension", .int(dimension)),
      ("vocabulary", .int(made.vocabulary)),
      ("vocabulary_given", .int(made.vocabularyWasGiven ? 1 : 0)),
      ("classes", .int(classes)),
      ("samples", .int(samples)),
      ("skipped_nonfinite", .int(made.skipped)),
      ("features", .text(made.features.joined(separator: ","))),
      ("within", .text(within.rawValue)),
      ("parts", .int(made.parts)),
      ("samples_digest", .text(made.samplesDigest)),
    ]
  }

  /// Throws if a state has no classes.
  static func checkClasses(_ classes: Int, _ made: Provenance, file: String? = nil) throws {
    guard classes == 0 else { return }
    throw MomentsError(
      .badState, file: file, expected: "samples of at least one class", found: "none (\(made.skipped) rows skipped)",
      advice: "check what made the samples")
  }
}
