import Support

/// The seven properties of Table 1 of Wu & Papyan 2024, in the columns of the authors' table and in those that
/// measurements have.
enum StandardProperties {
  private static let all: [(name: String, formulas: [String])] = [
    ("NC1 within-class variability", ["cdnv_mean", "nc1_cdnv_mean"]),
    ("NC2 equinormness", ["norms_log_std / norms_log_mean", "nc2_log_norm_std / nc2_log_norm_mean"]),
    ("NC2 equiangularity", ["interfere_std / interfere_mean", "nc2_interference_std / nc2_interference_mean"]),
    ("GNC2 hyperspherical uniformity", ["log_dist_std / log_dist_mean", "gnc2_log_std / gnc2_log_mean"]),
    ("NC3 self-duality", ["sims_mean", "nc3_cosine_mean"]),
    ("UNC3 uniform duality", ["sims_std / sims_mean", "nc3_cosine_std / nc3_cosine_mean"]),
    ("NC4 classifier agreement", ["matches", "nc4_agreement"]),
  ]

  /// Those whose columns a table has, and the names of the others. Throws ``StudyError`` where it has none.
  static func of(_ table: Table) throws -> (found: [Property], absent: [String]) {
    var (found, absent): ([Property], [String]) = ([], [])
    for (name, formulas) in all {
      let fitting = try formulas.lazy.map { try Expression($0) }.first { $0.columns.allSatisfy(table.has) }
      if let fitting { found.append(Property(name, fitting)) } else { absent.append(name) }
    }
    guard found.isEmpty else { return (found, absent) }
    throw StudyError(
      Diagnosis(
        expected: "columns that measure writes or that the authors' table has, such as nc1_cdnv_mean",
        found: table.columns.prefix(12).map(\.name).joined(separator: ", ") + (table.columns.count > 12 ? ", …" : ""),
        advice: "say what to study with a property, as in 'NC1=cdnv_mean'"))
  }
}
