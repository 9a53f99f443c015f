import Embeddings
import Streams

/// A state file: what it holds is known at once, its classes are read by runs.
///
/// The file is open only while it is looked at and while it is read, so that any number of states may be waiting.
public final class StateReader {
  public let name: String
  /// The release that wrote it.
  public let tool: String
  /// The checksum that the file states; see ``StateFormat``.
  public let checksum: String?

  private let header: StateHeader

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
    _ = try StateDatasets(file, header)
  }

  /// Calls `body` with runs of classes, a few MiB each, and then `scatter` with the scatter where there is one; checks
  /// what it reads, and at the end the checksum, which another file in the place of this one would not have.
  ///
  /// Throws ``MomentsError`` where numbers are out of order, out of range, or not those that were written.
  public func read(classes body: (ClassRows) throws -> Void, scatter use: (Matrix) throws -> Void) throws {
    let datasets = try StateDatasets(HDF5File(reading: name), header)
    let sums = StateChecksum()
    let chunk = StateFormat.rowsPerChunk(dimension: dimension)
    var previous = Int32(-1)
    var left = samples
    for start in stride(from: 0, to: classes, by: chunk) {
      let rows = try datasets.rows(start..<min(start + chunk, classes))
      sums.update(rows)
      for index in rows.tokens.indices {
        try check(rows, index, of: start + index, after: previous, left: left)
        previous = rows.tokens[index]
        left -= rows.counts[index]
      }
      try body(rows)
    }
    guard left == 0 else {
      throw StateFormat.bad(name, "/classes/count", "counts that add up to \(samples)", "\(samples - left)")
    }
    if let scatter = try datasets.scatterMatrix() {
      sums.scatter.update(scatter.elements)
      try use(scatter)
    }
    let sum = sums.value(with: header)
    guard sum == checksum else {
      throw StateFormat.bad(
        name, "attribute checksum", "the sum “\(checksum ?? "")”", "\(sum) over what was read",
        "the state is damaged: copy it again, or accumulate it again")
    }
  }

  /// Refuses a class whose numbers cannot be, of which all that could harm: a token out of order or range, and more
  /// samples than are `left`.
  private func check(_ rows: ClassRows, _ index: Int, of number: Int, after previous: Int32, left: Int) throws {
    let (token, count, m2) = (rows.tokens[index], rows.counts[index], rows.m2[index])
    guard token > previous, Int(token) < provenance.vocabulary else {
      throw StateFormat.bad(
        name, "class \(number)", "ascending tokens below the vocabulary of \(provenance.vocabulary)", "token \(token)")
    }
    guard count > 0, count <= left else {
      throw StateFormat.bad(
        name, "class \(number)", "positive counts that add up to \(samples)", "count \(count) of token \(token)")
    }
    guard m2 >= 0, m2.isFinite, rows.means[row: index].allSatisfy(\.isFinite) else {
      throw StateFormat.bad(
        name, "class \(number)", "finite moments", "a mean or an m2 (\(m2)) of token \(token) that is none")
    }
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

/// The open arrays of a state, of the shapes its attributes say and with all their elements stored.
private struct StateDatasets {
  private let dimension: Int
  private let token: HDF5Dataset
  private let count: HDF5Dataset
  private let mean: HDF5Dataset
  private let m2: HDF5Dataset
  private let carry: HDF5Dataset?
  private let scatter: HDF5Dataset?

  init(_ file: HDF5File, _ header: StateHeader) throws {
    let (classes, dimension) = (header.classes, header.dimension)
    self.dimension = dimension
    token = try Self.open(file, "/classes/token", [classes])
    count = try Self.open(file, "/classes/count", [classes])
    mean = try Self.open(file, "/classes/mean", [classes, dimension])
    m2 = try Self.open(file, "/classes/m2", [classes])
    carry =
      file.contains("/classes/mean_carry") ? try Self.open(file, "/classes/mean_carry", [classes, dimension]) : nil
    scatter = header.within != .none ? try Self.open(file, "/within/scatter", [dimension, dimension]) : nil
  }

  private static func open(_ file: HDF5File, _ path: String, _ shape: [Int]) throws -> HDF5Dataset {
    let dataset = try file.dataset(path)
    guard dataset.shape == shape else {
      throw StateFormat.bad(file.name, path, "shape \(shape)", "\(dataset.shape)")
    }
    try dataset.checkStored()
    return dataset
  }

  func rows(_ range: Range<Int>) throws -> ClassRows {
    ClassRows(
      tokens: try column(token, range, .int32, of: Int32.self), counts: try column(count, range, .int64, of: Int.self),
      m2: try column(m2, range, .float64, of: Double.self), means: try matrix(mean, range),
      carry: try carry.map { try matrix($0, range) })
  }

  /// The scatter, where there is one.
  func scatterMatrix() throws -> Matrix? { try scatter.map { try matrix($0, 0..<dimension) } }

  private func column<Number: BitwiseCopyable>(
    _ dataset: HDF5Dataset, _ rows: Range<Int>, _ type: HDF5Element, of _: Number.Type
  ) throws -> [Number] {
    try [Number](unsafeUninitializedCapacity: rows.count) { buffer, count in
      if let start = buffer.baseAddress { try dataset.read(rows, as: type, into: start) }
      count = rows.count
    }
  }

  private func matrix(_ dataset: HDF5Dataset, _ rows: Range<Int>) throws -> Matrix {
    try Matrix(rows: rows.count, columns: dimension) { buffer in
      if let start = buffer.baseAddress { try dataset.read(rows, as: .float64, into: start) }
    }
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
