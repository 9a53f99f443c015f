import HDF5
import Moments
import Samples

/// The open arrays of a state, of the shapes its attributes say and with all their elements stored.
struct StateDatasets {
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

  /// Whether means are two doubles.
  var carriesMeans: Bool { carry != nil }

  func rows(_ range: Range<Int>) throws -> MomentsTable {
    MomentsTable(
      tokens: try tokens(range), counts: try counts(range), means: try matrix(mean, range),
      carry: try carry.map { try matrix($0, range) }, m2: try squares(range))
  }

  func tokens(_ range: Range<Int>) throws -> [Int32] { try column(token, range, .int32, of: Int32.self) }

  func counts(_ range: Range<Int>) throws -> [Int] { try column(count, range, .int64, of: Int.self) }

  /// M2 of each class.
  func squares(_ range: Range<Int>) throws -> [Double] { try column(m2, range, .float64, of: Double.self) }

  /// Reads means, and their carries where there are any, into room for them.
  func readMeans(
    _ range: Range<Int>, into means: UnsafeMutablePointer<Double>, carries: () -> UnsafeMutablePointer<Double>
  ) throws {
    try mean.read(range, as: .float64, into: means)
    if let carry { try carry.read(range, as: .float64, into: carries()) }
  }

  /// The scatter, where there is one.
  func scatterMatrix() throws -> Matrix? { try scatter.map { try matrix($0, 0..<dimension) } }

  /// Rows of the scatter, where there is one.
  func scatterRows(_ rows: Range<Int>) throws -> Matrix? { try scatter.map { try matrix($0, rows) } }

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
