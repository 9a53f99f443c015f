import HDF5
import Moments
import Support

/// A state file in the making: its classes by ascending token id, then its scatter, then what it says of itself.
///
/// The same numbers give the same bytes, in whatever runs they come. See ``StateFormat``.
final class StateOutput {
  private let file: HDF5File
  private let name: String
  private let dimension: Int
  private let classes: Int
  private let within: WithinScatter
  private let token: HDF5Dataset
  private let count: HDF5Dataset
  private let mean: HDF5Dataset
  private let m2: HDF5Dataset
  private let carry: HDF5Dataset?
  private let checksum = StateChecksum()
  private var done = 0
  private(set) var samples = 0

  /// Begins a file over the one at `path`, on behalf of the output `name`.
  init(
    _ path: String, for name: String, dimension: Int, classes: Int, carriesMeans: Bool, within: WithinScatter
  ) throws {
    file = try HDF5File(writing: path, for: name)
    self.name = name
    self.dimension = dimension
    self.classes = classes
    self.within = within
    try file.makeGroup("/classes")
    token = try file.makeDataset("/classes/token", .int32, shape: [classes])
    count = try file.makeDataset("/classes/count", .int64, shape: [classes])
    mean = try file.makeDataset("/classes/mean", .float64, shape: [classes, dimension])
    m2 = try file.makeDataset("/classes/m2", .float64, shape: [classes])
    carry = carriesMeans ? try file.makeDataset("/classes/mean_carry", .float64, shape: [classes, dimension]) : nil
  }

  /// Takes classes into the checksum that are to be written next, after those before them. Throws, as `ErrorInFile`,
  /// ``MomentsError`` where moments overflowed.
  func prepare(_ rows: MomentsTable) throws {
    try ErrorInFile.naming(name) { try rows.checkFinite() }
    checksum.update(rows)
  }

  /// Writes classes that were prepared, in the order in which they were.
  func write(_ rows: MomentsTable) throws {
    let range = done..<done + rows.tokens.count
    try Self.write(rows.tokens, to: token, range, .int32)
    try Self.write(rows.counts, to: count, range, .int64)
    try Self.write(rows.means.elements, to: mean, range, .float64)
    try Self.write(rows.m2, to: m2, range, .float64)
    if let carry, let carries = rows.carry { try Self.write(carries.elements, to: carry, range, .float64) }
    done = range.upperBound
    samples += rows.counts.reduce(0, +)
  }

  /// Writes the scatter, some MiB at a time.
  func write(_ scatter: PooledScatter) throws {
    try file.makeGroup("/within")
    let dataset = try file.makeDataset("/within/scatter", .float64, shape: [dimension, dimension])
    let chunk = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: dimension, by: chunk) {
      let range = start..<min(start + chunk, dimension)
      let rows = scatter.rows(range).elements
      checksum.scatter.update(rows)
      try Self.write(rows, to: dataset, range, .float64)
    }
  }

  private static func write<Number: BitwiseCopyable>(
    _ numbers: [Number], to dataset: HDF5Dataset, _ rows: Range<Int>, _ type: HDF5Element
  ) throws {
    try numbers.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      try dataset.write(rows, as: type, from: start)
    }
  }

  /// Writes the attributes, and everything that the library still has.
  func finish(_ provenance: Provenance) throws {
    let header = StateHeader(
      dimension: dimension, classes: classes, samples: samples, within: within, provenance: provenance)
    let own: [(String, HDF5Attribute)] = [
      ("format", .text(StateFormat.name)),
      ("format_version", .int(StateFormat.version)),
      ("tool", .text("collapse \(collapseVersion)")),
      ("made_by", .text(provenance.madeBy)),
    ]
    for (name, value) in own + header.attributes { try file.setAttribute(name, value) }
    try file.setAttribute("checksum", .text(checksum.value(with: header)))
    try file.flush()
  }
}
