import HDF5
import Moments
import Samples

/// A state file: what it holds is known at once, its classes are read by runs.
///
/// The file is open only while it is looked at and while it is read, so that any number of states may be waiting.
public final class StateReader {
  public let name: String
  /// The release that wrote it.
  public let tool: String
  /// The checksum that the file states; see ``StateFormat``.
  public let checksum: String?

  let header: StateHeader
  /// Whether means are two doubles.
  public let carriesMeans: Bool

  public var dimension: Int { header.dimension }
  /// K, at least 1.
  public var classes: Int { header.classes }
  /// N.
  public var samples: Int { header.samples }
  public var within: WithinScatter { header.within }
  public var provenance: Provenance { header.provenance }

  /// Looks at a state. Throws ``MomentsError`` where the file is another kind of HDF5 file or contradicts itself, and
  /// `StreamError` where it is no whole HDF5 file.
  public init(_ name: String) throws {
    self.name = name
    let file = try HDF5File(reading: name)
    let attributes = FileAttributes(file: file)
    try attributes.checkFormat(
      StateFormat.name, version: StateFormat.version, advice: "name a state that accumulate or merge wrote")
    tool = attributes.text("tool") ?? ""
    checksum = try attributes.checksum()
    header = try attributes.header()
    carriesMeans = try StateDatasets(file, header).carriesMeans
  }

  /// Calls `body` with runs of classes, a few MiB each, and then `scatter` with the scatter where there is one; checks
  /// what it reads, and at the end the checksum, which another file in the place of this one would not have.
  ///
  /// Throws ``MomentsError`` where numbers are out of order, out of range, or not those that were written.
  public func read(classes body: (MomentsTable) throws -> Void, scatter use: (Matrix) throws -> Void) throws {
    let datasets = try StateDatasets(HDF5File(reading: name), header)
    var check = StateCheck(self)
    let chunk = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: classes, by: chunk) {
      let rows = try datasets.rows(start..<min(start + chunk, classes))
      try rows.means.withUnsafeElements { means in
        try check.take(rows.tokens, rows.counts, rows.m2, means: means)
      }
      if let carry = rows.carry { check.sums.carries.update(carry.elements) }
      try body(rows)
    }
    try check.finishClasses()
    if let scatter = try datasets.scatterMatrix() {
      check.sums.scatter.update(scatter.elements)
      try use(scatter)
    }
    try check.finish()
  }

  /// The whole state as a table.
  public func table() throws -> MomentsTable {
    var (tokens, counts, m2): ([Int32], [Int], [Double]) = ([], [], [])
    var (means, carries): ([Double], [Double]) = ([], [])
    var hasCarry = false
    var within: Matrix?
    means.reserveCapacity(classes * dimension)
    try read {
      tokens += $0.tokens
      counts += $0.counts
      m2 += $0.m2
      means += $0.means.elements
      guard let carry = $0.carry else { return }
      carries += carry.elements
      hasCarry = true
    } scatter: {
      within = $0
    }
    return MomentsTable(
      tokens: tokens, counts: counts, means: Matrix(rows: tokens.count, columns: dimension, elements: means),
      carry: hasCarry ? Matrix(rows: tokens.count, columns: dimension, elements: carries) : nil, m2: m2,
      withinScatter: within)
  }
}

extension FileAttributes {
  fileprivate func header() throws -> StateHeader {
    guard let within = WithinScatter(rawValue: text("within") ?? "") else {
      throw StateFormat.bad(
        file.name, "attribute within", WithinScatter.allCases.map { "“\($0.rawValue)”" }.joined(separator: " or "),
        text("within").map { "“\($0)”" } ?? "none")
    }
    let classes = try int("classes", 0...Int(Int32.max))
    guard classes > 0 else {
      throw StateFormat.bad(
        file.name, "attribute classes", "at least one class", "none", "leave out states of no samples")
    }
    return StateHeader(
      dimension: try int("dimension", 1...Block.maximumDimension), classes: classes,
      samples: try int("samples", 1...StateFormat.largestCount), within: within,
      provenance: Provenance(
        madeBy: text("made_by") ?? "", vocabulary: try int("vocabulary", 1...(.max)),
        vocabularyWasGiven: try int("vocabulary_given", 0...1) != 0,
        skipped: try int("skipped_nonfinite", 0...StateFormat.largestCount),
        features: text("features")?.split(separator: ",").map(String.init) ?? [],
        parts: try int("parts", 1...StateFormat.largestCount), samplesDigest: text("samples_digest") ?? ""))
  }
}
