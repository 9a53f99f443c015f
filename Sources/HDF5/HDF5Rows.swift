/// Reads selected rows of an HDF5 matrix in windows of neighbouring rows.
///
/// A compressed chunk is decompressed once, not once per row. Windows end at chunk boundaries, and the library keeps
/// chunks larger than a window until the next one.
package struct HDF5Rows {
  let dataset: HDF5Dataset
  /// Rows per window.
  let window: Int

  private static let windowBytes = 8 << 20
  /// The most bytes to cache of chunks larger than a window.
  private static let cacheBytes = 1 << 30
  private static let cachedChunks = 1 << 17

  package init(file: HDF5File, path: String, windowBytes: Int = Self.windowBytes) throws {
    let (shape, band) = try Self.layout(file, path)
    let fitting = max(1, windowBytes / max(shape.dropFirst().reduce(8, *), 1))
    guard let band, band.rows > 1 else {
      (dataset, window) = (try file.dataset(path), fitting)
      return
    }
    if band.rows <= fitting {
      (dataset, window) = (try file.dataset(path), fitting / band.rows * band.rows)
    } else {
      let (bytes, chunks) = (min(band.bytes, Self.cacheBytes), min(band.chunks, Self.cachedChunks))
      (dataset, window) = (try file.dataset(path, caching: bytes, chunks: chunks), fitting)
    }
  }

  /// Shape and chunks. The dataset is closed again, because they determine the cache to open it with.
  private static func layout(
    _ file: HDF5File, _ path: String
  ) throws -> (shape: [Int], band: HDF5Dataset.ChunkBand?) {
    let dataset = try file.dataset(path)
    if let refusal = dataset.refusal { throw refusal }
    return (dataset.shape, dataset.chunkBand)
  }

  /// Reads rows, in ascending order, into `out` [rows × columns].
  package func read(_ rows: [Int], into out: UnsafeMutablePointer<Double>) throws {
    let columns = dataset.shape.dropFirst().reduce(1, *)
    var buffer: [Double] = []
    var first = 0
    while first < rows.count {
      let end = rows[first] / window * window + window
      let last = rows[first...].firstIndex { $0 >= end } ?? rows.count
      let span = rows[first]..<rows[last - 1] + 1
      let target = out + first * columns
      if span.count == last - first {
        try dataset.read(span, as: .float64, into: target)
      } else {
        if buffer.count < span.count * columns { buffer = Array(repeating: 0, count: span.count * columns) }
        try buffer.withUnsafeMutableBufferPointer { buffer in
          guard let start = buffer.baseAddress else { return }
          try dataset.read(span, as: .float64, into: start)
          for (place, row) in rows[first..<last].enumerated() {
            (target + place * columns).update(from: start + (row - span.lowerBound) * columns, count: columns)
          }
        }
      }
      first = last
    }
  }
}
