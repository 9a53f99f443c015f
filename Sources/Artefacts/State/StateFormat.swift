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
/// | `/classes/m2_diagonal` [K, d] float64 | Σ(h − μ_c)² of each feature, if requested |
/// | `/within/scatter` [d, d] float64 | Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, if requested |
///
/// Attributes of the root: `format`, `format_version`, `tool`, `made_by`, `dimension`, `vocabulary`,
/// `vocabulary_given`, `classes`, `samples`, `skipped_nonfinite`, `features`, `within`, `parts`, `samples_digest`,
/// `labels_digest` (not in states of earlier releases), and `checksum` over all numbers and the attributes from
/// `dimension` on. The same moments give the same bytes.
///
/// A part of a stream also has `part` (from 1), `part_of`, `part_rule` and `stream_digest`. It may have no classes. A merge
/// of parts that follow each other has `part_last` too; that of all parts has `stream_digest` alone.
///
/// The version is 1 for what release 0.1.0 can read and check, and 2 with the diagonal, `labels_digest` or attributes of
/// parts. The checksum covers these, so that release would call such a state damaged; it refuses version 2 by name.
struct StateFormat: Equatable {
  static let file = ArtefactFormat(
    name: "collapse-moments", version: 2, oldest: 1, adviceForOthers: "name a state that accumulate or merge wrote",
    adviceForDamage: "the state is damaged: accumulate it again")

  let dimension: Int
  let classes: Int
  /// Whether each mean is two doubles.
  let keepsLowParts: Bool
  let within: WithinScatter
  var moments = SecondMoments.trace

  /// The first version that can hold this state.
  func version(_ made: Provenance) -> Int {
    moments == .diagonal || !Self.laterAttributes(made).isEmpty ? Self.file.version : 1
  }

  /// The attributes that version 1 does not have.
  private static func laterAttributes(_ made: Provenance) -> ArtefactFormat.Attributes {
    let labels: ArtefactFormat.Attributes = made.labelsDigest.map { [("labels_digest", .text($0))] } ?? []
    let stream: ArtefactFormat.Attributes =
      made.part?.attributes ?? made.stream.map { [(PartOfStream.streamAttribute, .text($0))] } ?? []
    return labels + stream
  }

  /// Bytes of the numbers of one class.
  var classBytes: Int {
    dimension * MemoryLayout<Double>.size * moments.rowsPerClass(keepsLowParts: keepsLowParts) + 20
  }

  /// Bytes of all numbers; the file is some KiB larger.
  var byteCount: Int {
    classes * classBytes + (within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size)
  }

  /// The attributes that the checksum covers.
  func attributes(samples: Int, _ made: Provenance) -> ArtefactFormat.Attributes {
    let known: ArtefactFormat.Attributes = [
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
    return known + Self.laterAttributes(made)
  }

  /// Throws if a state has no classes, unless it is a part of a stream.
  static func checkClasses(_ classes: Int, _ made: Provenance, file: String? = nil) throws {
    guard classes == 0, made.part == nil else { return }
    throw MomentsError(
      .badState, file: file, expected: "samples of at least one class", found: "none (\(made.skipped) rows skipped)",
      advice: "check what made the samples")
  }
}
