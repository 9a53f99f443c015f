import Embeddings
import Streams

/// A state file, open for reading: what it holds is known at once, its classes are read by runs.
public final class StateReader {
  public let name: String
  public let dimension: Int
  /// K.
  public let classes: Int
  /// N.
  public let samples: Int
  public let within: WithinScatter
  public let provenance: Provenance
  /// The release that wrote it.
  public let tool: String
  /// The checksum of the state's numbers that the file states.
  public let checksum: String?

  private let file: HDF5File
  private let token: HDF5Dataset
  private let count: HDF5Dataset
  private let mean: HDF5Dataset
  private let m2: HDF5Dataset
  private let carry: HDF5Dataset?
  private let scatter: HDF5Dataset?

  /// Opens a state. Throws ``MomentsError`` where the file is another kind of HDF5 file or contradicts itself, and
  /// `StreamError` where it is no whole HDF5 file.
  public init(_ name: String) throws {
    self.name = name
    file = try HDF5File(reading: name)
    let attributes = StateAttributes(file: file)
    guard attributes.text("format") == StateFormat.name else {
      throw Self.bad(
        name, "attribute format", "“\(StateFormat.name)”", attributes.text("format").map { "“\($0)”" } ?? "none",
        "name a state that accumulate or merge wrote")
    }
    let version = try attributes.int("format_version")
    guard version == StateFormat.version else {
      throw Self.bad(
        name, "attribute format_version", "\(StateFormat.version)", "\(version)",
        "accumulate again with this release, or use the one that wrote it (\(attributes.text("tool") ?? "unknown"))")
    }
    dimension = try attributes.int("dimension")
    classes = try attributes.int("classes")
    samples = try attributes.int("samples")
    within = WithinScatter(rawValue: attributes.text("within") ?? "") ?? .none
    tool = attributes.text("tool") ?? ""
    checksum = attributes.text("checksum")
    provenance = Provenance(
      madeBy: attributes.text("made_by") ?? "", vocabulary: try attributes.int("vocabulary"),
      vocabularyWasGiven: try attributes.int("vocabulary_given") != 0,
      skipped: try attributes.int("skipped_nonfinite"),
      features: attributes.text("features")?.split(separator: ",").map(String.init) ?? [],
      parts: try attributes.int("parts"), samplesDigest: attributes.text("samples_digest") ?? "")
    token = try Self.open(file, "/classes/token", [classes])
    count = try Self.open(file, "/classes/count", [classes])
    mean = try Self.open(file, "/classes/mean", [classes, dimension])
    m2 = try Self.open(file, "/classes/m2", [classes])
    carry =
      file.contains("/classes/mean_carry") ? try Self.open(file, "/classes/mean_carry", [classes, dimension]) : nil
    scatter = within == .pooled ? try Self.open(file, "/within/scatter", [dimension, dimension]) : nil
  }

  private static func open(_ file: HDF5File, _ path: String, _ shape: [Int]) throws -> HDF5Dataset {
    let dataset = try file.dataset(path)
    guard dataset.shape == shape else {
      throw bad(file.name, path, "shape \(shape)", "\(dataset.shape)", "the state is damaged: accumulate it again")
    }
    try dataset.checkStored()
    return dataset
  }

  private static func bad(
    _ name: String, _ item: String, _ expected: String, _ found: String, _ advice: String
  ) -> MomentsError {
    MomentsError(
      .badState, Diagnosis(file: name, position: item, expected: expected, found: found, advice: advice))
  }

  /// Calls `body` with runs of classes, a few MiB each, and then `scatter` with the scatter where there is one; checks
  /// what it reads, and at the end the checksum.
  ///
  /// Throws ``MomentsError`` where numbers are out of order, out of range, or not those that were written.
  public func read(classes body: (ClassRows) throws -> Void, scatter use: (Matrix) throws -> Void) throws {
    let sums = StateChecksum()
    let chunk = StateFormat.rowsPerChunk(dimension: dimension)
    var previous = Int32(-1)
    var total = 0
    for start in stride(from: 0, to: classes, by: chunk) {
      let rows = try rows(start..<min(start + chunk, classes))
      sums.update(rows)
      for (index, token) in rows.tokens.enumerated() {
        guard token > previous, rows.counts[index] > 0, rows.m2[index] >= 0, rows.m2[index].isFinite else {
          throw Self.bad(
            name, "class \(start + index)", "ascending tokens, positive counts, finite moments",
            "token \(token), count \(rows.counts[index]), m2 \(rows.m2[index])",
            "the state is damaged: accumulate it again")
        }
        previous = token
        total = total.addingReportingOverflow(rows.counts[index]).partialValue
      }
      try body(rows)
    }
    guard total == samples else {
      throw Self.bad(
        name, "/classes/count", "counts that add up to \(samples)", "\(total)",
        "the state is damaged: accumulate it again")
    }
    if let scatter {
      let matrix = try read(scatter, 0..<dimension)
      sums.scatter.update(matrix.elements)
      try use(matrix)
    }
    if let checksum, sums.value != checksum {
      throw Self.bad(
        name, "attribute checksum", "\(checksum)", "\(sums.value) over the numbers read",
        "the state is damaged: copy it again, or accumulate it again")
    }
  }

  /// The whole state as a table.
  public func table() throws -> MomentsTable {
    var (tokens, counts, m2): ([Int32], [Int], [Double]) = ([], [], [])
    var (means, carries): ([Double], [Double]) = ([], [])
    var within: Matrix?
    means.reserveCapacity(classes * dimension)
    try read {
      tokens += $0.tokens
      counts += $0.counts
      m2 += $0.m2
      means += $0.means.elements
      if let carry = $0.carry { carries += carry.elements }
    } scatter: {
      within = $0
    }
    return MomentsTable(
      tokens: tokens, counts: counts, means: Matrix(rows: tokens.count, columns: dimension, elements: means),
      carry: carry == nil ? nil : Matrix(rows: tokens.count, columns: dimension, elements: carries), m2: m2,
      withinScatter: within)
  }

  private func rows(_ range: Range<Int>) throws -> ClassRows {
    func column<Number: BitwiseCopyable>(_ dataset: HDF5Dataset, _ type: HDF5Element, of _: Number.Type) throws
      -> [Number]
    {
      try [Number](unsafeUninitializedCapacity: range.count) { buffer, count in
        if let start = buffer.baseAddress { try dataset.read(range, as: type, into: start) }
        count = range.count
      }
    }
    return ClassRows(
      tokens: try column(token, .int32, of: Int32.self), counts: try column(count, .int64, of: Int.self),
      m2: try column(m2, .float64, of: Double.self), means: try read(mean, range),
      carry: try carry.map { try read($0, range) })
  }

  private func read(_ dataset: HDF5Dataset, _ rows: Range<Int>) throws -> Matrix {
    try Matrix(rows: rows.count, columns: dimension) { buffer in
      if let start = buffer.baseAddress { try dataset.read(rows, as: .float64, into: start) }
    }
  }
}

/// The attributes of a state, with errors that name file and attribute.
struct StateAttributes {
  let file: HDF5File

  func text(_ name: String) -> String? {
    if case .text(let text)? = file.attribute(name) { text } else { nil }
  }

  func int(_ name: String) throws -> Int {
    guard case .int(let number)? = file.attribute(name), number >= 0 else {
      throw MomentsError(
        .badState,
        Diagnosis(
          file: file.name, position: "attribute \(name)", expected: "a non-negative integer", found: "none",
          advice: "the state is damaged: accumulate it again"))
    }
    return number
  }
}
