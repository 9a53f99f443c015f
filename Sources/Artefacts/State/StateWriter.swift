import HDF5
import Moments
import Samples
import Storage
import Support

/// A state file being written: its classes by ascending token id, then its scatter, then its attributes.
///
/// The same numbers give the same bytes, however they are split into runs. See ``StateFormat``.
final class StateWriter {
  private let file: HDF5File
  private let name: String
  private let format: StateFormat
  private let token: HDF5Dataset
  private let count: HDF5Dataset
  private let mean: HDF5Dataset
  private let m2: HDF5Dataset
  private let lowPart: HDF5Dataset?
  private let diagonal: HDF5Dataset?
  private let sums = StateCheck.Sums()
  /// Number of classes written.
  private(set) var classes = 0
  private(set) var samples = 0

  /// Starts a file over the one at `path`, for the output `name`.
  init(_ path: String, for name: String, _ format: StateFormat) throws {
    let file = try HDF5File(writing: path, for: name)
    let (classes, rows) = ([format.classes], [format.classes, format.dimension])
    (self.file, self.name, self.format) = (file, name, format)
    try file.makeGroup("/classes")
    token = try file.makeDataset("/classes/token", .int32, shape: classes)
    count = try file.makeDataset("/classes/count", .int64, shape: classes)
    mean = try file.makeDataset("/classes/mean", .float64, shape: rows)
    m2 = try file.makeDataset("/classes/m2", .float64, shape: classes)
    lowPart = format.keepsLowParts ? try file.makeDataset("/classes/mean_carry", .float64, shape: rows) : nil
    diagonal = format.moments == .diagonal ? try file.makeDataset("/classes/m2_diagonal", .float64, shape: rows) : nil
  }

  /// Adds the next classes to the checksum, before they are written. Throws ``MomentsError``, with the file through
  /// `ErrorInFile`, if moments overflowed.
  func prepare(_ rows: MomentsTable) throws {
    try ErrorInFile.naming(name) { try rows.checkFinite() }
    sums.update(rows)
  }

  /// Writes prepared classes, in the order in which they were prepared.
  func write(_ rows: MomentsTable) throws {
    let range = classes..<classes + rows.classes
    try token.write(rows.tokens, to: range, .int32)
    try count.write(rows.counts, to: range, .int64)
    try mean.write(rows.means.elements, to: range, .float64)
    try m2.write(rows.m2, to: range, .float64)
    if let lowPart, let lowParts = rows.lowPart { try lowPart.write(lowParts.elements, to: range, .float64) }
    if let diagonal, let moments = rows.diagonal { try diagonal.write(moments.elements, to: range, .float64) }
    classes = range.upperBound
    samples += rows.samples
  }

  /// Writes the scatter, some MiB at a time.
  func write(_ scatter: PooledScatter) throws { try writeScatter(scatter.rows) }

  /// - Parameter read: returns rows of the scatter.
  func writeScatter(_ read: (Range<Int>) throws -> Matrix) throws {
    let dimension = format.dimension
    try file.makeGroup("/within")
    let dataset = try file.makeDataset("/within/scatter", .float64, shape: [dimension, dimension])
    let chunk = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: dimension, by: chunk) {
      let range = start..<min(start + chunk, dimension)
      let rows = try read(range).elements
      sums.scatter.update(rows)
      try dataset.write(rows, to: range, .float64)
    }
  }

  /// Writes the attributes and flushes the file.
  func finish(_ made: Provenance) throws {
    let attributes = format.attributes(samples: samples, made)
    try StateFormat.file.finish(file, made, attributes, checksum: sums.value(attributes), version: format.version(made))
  }
}

extension ClassMoments {
  /// Writes the state to `path`, completely or not at all; see ``begin(_:_:)``.
  package func write(to path: String, _ provenance: Provenance) throws { try begin(path, provenance).commit() }

  /// Begins the state file `path`, complete but for its name; see ``StateFormat`` for the contents.
  ///
  /// Throws ``MomentsError`` if there is no class or, with the file through `ErrorInFile`, if the moments overflowed.
  /// Throws `StreamError` if the file cannot be written.
  package func begin(_ path: String, _ provenance: Provenance) throws -> AtomicFile.Pending {
    try StateFormat.checkClasses(classes, provenance, file: path)
    let format = StateFormat(
      dimension: dimension, classes: classes, keepsLowParts: keepsLowParts, within: within, moments: moments)
    try DiskSpace.check(path, bytes: format.byteCount)
    return try AtomicFile.begin(path) { temporary in
      let writer = try StateWriter(temporary, for: path, format)
      try forEachRun(
        of: MomentsTable.rowsPerRun(dimension: dimension), preparing: writer.prepare, writer.write)
      if let scatter { try writer.write(scatter) }
      try writer.finish(provenance)
    }
  }
}
