import HDF5
import Moments
import Samples
import Support

/// A state file. Its attributes are read at once, its classes in runs.
///
/// The file is open only during a read, so that any number of states may wait.
package final class StateReader {
  package let name: String
  /// The release that wrote it.
  package let tool: String
  /// The checksum that the file states; see ``StateFormat``.
  package let checksum: String
  /// N.
  package let samples: Int
  package let provenance: Provenance
  let format: StateFormat

  package var dimension: Int { format.dimension }
  /// K, at least 1 unless the reader was told that the state may be empty.
  package var classes: Int { format.classes }
  package var within: WithinScatter { format.within }
  package var moments: SecondMoments { format.moments }
  /// Whether each mean is two doubles.
  package var keepsLowParts: Bool { format.keepsLowParts }
  /// Bytes of all numbers; the file is some KiB larger.
  package var byteCount: Int { format.byteCount }

  /// Opens a state and reads its attributes. Throws ``MomentsError`` if the file is another kind of HDF5 file or
  /// contradicts itself, and `StreamError` if it is not a complete HDF5 file.
  package convenience init(_ name: String) throws {
    try self.init(name, mayBeEmpty: false)
  }

  /// - Parameter mayBeEmpty: whether a state without samples is taken too, as a part of a stream can be.
  package init(_ name: String, mayBeEmpty: Bool) throws {
    self.name = name
    let file = try ArtefactFile(StateFormat.file, reading: name)
    tool = file.text("tool") ?? ""
    checksum = try file.checksum()
    guard let within = WithinScatter(rawValue: file.text("within") ?? "") else {
      throw file.bad(
        "attribute within", WithinScatter.allCases.map { "“\($0.rawValue)”" }.joined(separator: " or "),
        file.text("within").map { "“\($0)”" } ?? "none")
    }
    let classes = try file.int("classes", 0...Int(Int32.max))
    guard classes > 0 || mayBeEmpty else {
      throw file.bad(
        "attribute classes", "at least one class", "none: no sample went to it",
        "merge all parts of the stream, or leave out states without samples")
    }
    format = StateFormat(
      dimension: try file.int("dimension", 1...Block.maximumDimension), classes: classes,
      keepsLowParts: try file.file.contains(Arrays.lowPartPath), within: within,
      moments: try file.file.contains(Arrays.diagonalPath) ? .diagonal : .trace)
    samples = try file.int("samples", min(classes, 1)...ArtefactFormat.largestCount)
    var made = try file.provenance(vocabularyWasGiven: try file.int("vocabulary_given", 0...1) != 0)
    made.part = try file.part()
    if made.part == nil { made.stream = file.text(PartOfStream.streamAttribute) }
    provenance = made
    _ = try Arrays(file.file, format)
  }

  private var arrays: Arrays {
    get throws {
      let file = try HDF5File(reading: name)
      for (path, isKept) in [(Arrays.lowPartPath, keepsLowParts), (Arrays.diagonalPath, moments == .diagonal)] {
        guard try file.contains(path) == isKept else { throw changed(path, "the file as it was at first") }
      }
      return try Arrays(file, format)
    }
  }

  private func changed(_ item: String, _ expected: String) -> MomentsError {
    StateFormat.file.bad(name, item, expected, "other data", "do not change states while they are merged")
  }

  /// Calls `body` with runs of classes, a few MiB each, and then `scatter` with rows of the scatter, if there is one.
  /// Checks what it reads and, at the end, the checksum.
  ///
  /// Throws ``MomentsError`` if numbers are out of order, out of range, or not as written.
  package func read(
    classes body: (MomentsTable) throws -> Void, scatter: (_ first: Int, Matrix) throws -> Void = { _, _ in }
  ) throws {
    let arrays = try arrays
    var check = StateCheck(self)
    for run in runs(of: classes) {
      let rows = try arrays.rows(run)
      try check.take(rows)
      try body(rows)
    }
    try finish(check, scatter: scatter)
  }

  /// The whole state as a table.
  ///
  /// Throws `OutOfMemory` too. Checks for cancellation after each run of classes.
  ///
  /// - Parameters:
  ///   - withDiagonal: whether the table has the second moments of features, if the state does.
  ///   - visit: receives each run of classes, which has them in any case.
  package func table(
    withDiagonal: Bool = false, _ visit: (MomentsTable) throws -> Void = { _ in }
  ) throws -> MomentsTable {
    let moments = withDiagonal ? moments : .trace
    let numbers =
      classes * dimension * moments.rowsPerClass(keepsLowParts: keepsLowParts)
      + (within == .none ? 0 : dimension * dimension)
    try MappedMemory.check(numbers, of: Double.self, for: "\(classes) class means of dimension \(dimension)")
    var (tokens, counts, m2): ([Int32], [Int], [Double]) = ([], [], [])
    var (means, lowParts, diagonals, scatter): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    means.reserveCapacity(classes * dimension)
    if moments == .diagonal { diagonals.reserveCapacity(classes * dimension) }
    if keepsLowParts { lowParts.reserveCapacity(classes * dimension) }
    try read {
      try Task.checkCancellation()
      tokens += $0.tokens
      counts += $0.counts
      m2 += $0.m2
      means += $0.means.elements
      lowParts += $0.lowPart?.elements ?? []
      if moments == .diagonal { diagonals += $0.diagonal?.elements ?? [] }
      try visit($0)
    } scatter: {
      try Task.checkCancellation()
      if $0 == 0 { scatter.reserveCapacity(dimension * dimension) }
      scatter += $1.elements
    }
    func matrix(_ rows: Int, _ elements: [Double]) -> Matrix {
      Matrix(rows: rows, columns: dimension, elements: elements)
    }
    return MomentsTable(
      tokens: tokens, counts: counts, means: matrix(classes, means),
      lowPart: keepsLowParts ? matrix(classes, lowParts) : nil, m2: m2,
      diagonal: moments == .diagonal ? matrix(classes, diagonals) : nil,
      withinScatter: within == .none ? nil : matrix(dimension, scatter))
  }

  /// All token ids, ascending, and the number of samples of each.
  package func tokensAndCounts() throws -> (tokens: [Int32], counts: [Int]) {
    (try tokens(), try arrays.counts(0..<classes))
  }

  /// All token ids, ascending.
  func tokens() throws -> [Int32] {
    let tokens = try arrays.tokens(0..<classes)
    try StateFormat.file.checkAscending(tokens, name)
    return tokens
  }

  /// Reads the classes after those that `check` has taken, up to the last token of `range`, into `moments`. Returns
  /// their size in bytes.
  ///
  /// Throws ``MomentsError`` if a token is not in the range, or if ``StateCheck`` rejects the numbers.
  func read(_ range: ArraySlice<Int32>, into moments: RangeMoments, _ check: inout StateCheck) throws -> Int {
    let start = check.classes
    guard let last = range.last, start < classes else {
      _ = moments.place([], in: range, carryingMeans: keepsLowParts)
      return 0
    }
    let arrays = try arrays
    var tokens = try arrays.tokens(start..<min(start + range.count, classes))
    tokens.removeLast(tokens.count - (tokens.firstIndex { $0 > last } ?? tokens.count))
    let rows = start..<start + tokens.count
    guard moments.place(tokens, in: range, carryingMeans: keepsLowParts) else {
      throw changed("class \(start) and those after it", "the tokens read at first")
    }
    guard !rows.isEmpty else { return 0 }
    let (counts, m2) = (try arrays.counts(rows), try arrays.squares(rows))
    try arrays.readRows(rows, into: moments)
    moments.set(counts: counts, m2: m2)
    try check.take(
      tokens, counts, m2, means: moments.meanElements, lowParts: keepsLowParts ? moments.lowPartElements : nil,
      diagonals: moments.diagonalElements)
    return rows.count * format.classBytes
  }

  /// Calls `body` with rows of the scatter, if there is one, some MiB at a time. Called after the last class, it checks
  /// that the whole state was read as it was written.
  func finish(_ check: StateCheck, scatter body: (_ first: Int, Matrix) throws -> Void) throws {
    try check.finishClasses()
    if within != .none {
      let arrays = try arrays
      for run in runs(of: dimension) {
        let rows = try arrays.scatterRows(run)
        try check.take(scatter: rows, from: run.lowerBound)
        try body(run.lowerBound, rows)
      }
    }
    try check.finish()
  }

  /// Ranges of rows, of d numbers each, to read at a time.
  private func runs(of rows: Int) -> [Range<Int>] {
    let atOnce = MomentsTable.rowsPerRun(dimension: dimension)
    return stride(from: 0, to: rows, by: atOnce).map { $0..<min($0 + atOnce, rows) }
  }
}

/// The open arrays of a state, which store all their elements and have the shapes that the attributes state.
private struct Arrays {
  static let lowPartPath = "/classes/mean_carry"
  static let diagonalPath = "/classes/m2_diagonal"

  private let dimension: Int
  private let token: HDF5Dataset
  private let count: HDF5Dataset
  private let mean: HDF5Dataset
  private let m2: HDF5Dataset
  private let lowPart: HDF5Dataset?
  private let diagonal: HDF5Dataset?
  private let scatter: HDF5Dataset?

  init(_ file: HDF5File, _ format: StateFormat) throws {
    func open(_ path: String, _ shape: [Int]) throws -> HDF5Dataset {
      let dataset = try file.dataset(path)
      guard dataset.shape == shape else {
        throw StateFormat.file.bad(file.name, path, "shape \(shape)", "\(dataset.shape)")
      }
      try dataset.checkStored()
      return dataset
    }
    let (classes, rows) = ([format.classes], [format.classes, format.dimension])
    dimension = format.dimension
    token = try open("/classes/token", classes)
    count = try open("/classes/count", classes)
    mean = try open("/classes/mean", rows)
    m2 = try open("/classes/m2", classes)
    lowPart = format.keepsLowParts ? try open(Self.lowPartPath, rows) : nil
    diagonal = format.moments == .diagonal ? try open(Self.diagonalPath, rows) : nil
    scatter = format.within == .none ? nil : try open("/within/scatter", [dimension, dimension])
  }

  func rows(_ range: Range<Int>) throws -> MomentsTable {
    MomentsTable(
      tokens: try tokens(range), counts: try counts(range), means: try matrix(mean, range),
      lowPart: try lowPart.map { try matrix($0, range) }, m2: try squares(range),
      diagonal: try diagonal.map { try matrix($0, range) })
  }

  func tokens(_ range: Range<Int>) throws -> [Int32] { try token.readRows(range, .int32) }

  func counts(_ range: Range<Int>) throws -> [Int] { try count.readRows(range, .int64) }

  /// M2 of each class.
  func squares(_ range: Range<Int>) throws -> [Double] { try m2.readRows(range, .float64) }

  /// Reads means, and low parts and diagonals if there are any, into the buffers of `moments`.
  func readRows(_ range: Range<Int>, into moments: RangeMoments) throws {
    try mean.read(range, as: .float64, into: moments.means)
    try lowPart?.read(range, as: .float64, into: moments.lowParts)
    try diagonal?.read(range, as: .float64, into: moments.diagonals)
  }

  /// Rows of the scatter; empty without a scatter.
  func scatterRows(_ rows: Range<Int>) throws -> Matrix {
    try scatter.map { try matrix($0, rows) } ?? Matrix(rows: 0, columns: dimension)
  }

  private func matrix(_ dataset: HDF5Dataset, _ rows: Range<Int>) throws -> Matrix {
    Matrix(rows: rows.count, columns: dimension, elements: try dataset.readRows(rows, .float64))
  }
}
