import Embeddings
import Streams

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
/// the numbers. The same moments give the same bytes.
enum StateFormat {
  static let name = "collapse-moments"
  static let version = 1
  /// Bytes of means moved at a time.
  static let chunkBytes = 4 << 20

  static func rowsPerChunk(dimension: Int) -> Int { max(1, chunkBytes / (max(dimension, 1) * 8)) }
}

/// The checksum of a state's numbers: one sum per dataset, combined in the order of the format.
struct StateChecksum {
  let tokens = Checksum()
  let counts = Checksum()
  let means = Checksum()
  let carries = Checksum()
  let m2 = Checksum()
  let scatter = Checksum()

  func update(_ rows: ClassRows) {
    tokens.update(rows.tokens)
    counts.update(rows.counts)
    m2.update(rows.m2)
    means.update(rows.means.elements)
    if let carry = rows.carry { carries.update(carry.elements) }
  }

  var value: String {
    let all = Checksum()
    for part in [tokens, counts, means, carries, m2, scatter] { all.update(part.value) }
    return all.value
  }
}
