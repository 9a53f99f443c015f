/// Where the rows of d numbers of one class are: its mean, and what else is kept of each feature.
struct ClassRow {
  let centre: UnsafeMutablePointer<Double>
  /// The low part of the mean, if means are two doubles.
  let lowPart: UnsafeMutablePointer<Double>?
  /// Σ(h − μ_c)² of each feature, if kept.
  let diagonal: UnsafeMutablePointer<Double>?
}

/// The rows of the classes of a ``ClassStore`` that are in memory, by slot.
struct ClassRows {
  let centres: ResidentRows
  let lowParts: ResidentRows?
  let diagonals: ResidentRows?

  /// - Precondition: the class's rows are in memory.
  subscript(slot: Int) -> ClassRow {
    ClassRow(centre: centres[slot], lowPart: lowParts?[slot], diagonal: diagonals?[slot])
  }
}
