import Embeddings
import Streams

extension ClassMoments {
  /// Writes the state to `path`, whole or not at all; see ``StateFormat`` for what the file holds.
  ///
  /// Throws ``MomentsError`` where there is no class or, as `ErrorInFile`, the moments overflowed, and `StreamError` where the file cannot be written.
  public func write(to path: String, _ provenance: Provenance) throws {
    guard classes > 0 else {
      throw MomentsError(
        .badState,
        Diagnosis(
          file: path, expected: "samples of at least one class", found: "none (\(provenance.skipped) rows skipped)",
          advice: "check what made the samples"))
    }
    try DiskRoom.check(path, bytes: stateBytes)
    try AtomicFile.write(path) { temporary in
      let file = try HDF5File(writing: temporary, for: path)
      let checksum = StateChecksum()
      try writeClasses(to: file, checksum, path)
      if let scatter = withinScatter {
        try file.makeGroup("/within")
        let dataset = try file.makeDataset("/within/scatter", .float64, shape: [dimension, dimension])
        checksum.scatter.update(scatter.elements)
        try dataset.writeAll(scatter.elements, .float64)
      }
      try writeAttributes(to: file, provenance, checksum)
      try file.flush()
    }
  }

  /// Bytes of the state's numbers: the file is some KiB larger.
  private var stateBytes: Int {
    let mean = dimension * MemoryLayout<Double>.size * (carriesMeans ? 2 : 1)
    return classes * (mean + 20) + (within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size)
  }

  private func writeClasses(to file: HDF5File, _ checksum: StateChecksum, _ path: String) throws {
    try file.makeGroup("/classes")
    let token = try file.makeDataset("/classes/token", .int32, shape: [classes])
    let count = try file.makeDataset("/classes/count", .int64, shape: [classes])
    let mean = try file.makeDataset("/classes/mean", .float64, shape: [classes, dimension])
    let m2 = try file.makeDataset("/classes/m2", .float64, shape: [classes])
    let carry =
      carriesMeans ? try file.makeDataset("/classes/mean_carry", .float64, shape: [classes, dimension]) : nil
    var done = 0
    try forEachRun(of: StateFormat.rowsPerChunk(dimension: dimension)) { rows in
      try ErrorInFile.naming(path) { try rows.checkFinite() }
      checksum.update(rows)
    } _: { rows in
      let range = done..<done + rows.tokens.count
      try Self.write(rows.tokens, to: token, range, .int32)
      try Self.write(rows.counts, to: count, range, .int64)
      try Self.write(rows.means.elements, to: mean, range, .float64)
      try Self.write(rows.m2, to: m2, range, .float64)
      if let carry, let carries = rows.carry { try Self.write(carries.elements, to: carry, range, .float64) }
      done = range.upperBound
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

  private func writeAttributes(to file: HDF5File, _ provenance: Provenance, _ checksum: StateChecksum) throws {
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
  }
}
