import Support

extension ClassMoments: Snapshot {
  /// Writes what a state holds, by order of appearance, and what rounding left over.
  package func save(to writer: any SnapshotWriter) throws {
    try writer.section("moments", [dimension, samples, classes])
    try store.save(to: writer, workers: workers)
    try scatter?.save(to: writer)
  }

  /// Takes back what ``save(to:)`` wrote, into moments that have folded nothing; their workers and limit may be others.
  ///
  /// Refuses moments of another dimension or scatter.
  package func restore(from reader: any SnapshotReader) throws {
    let sizes = try reader.numbers("moments", as: Int.self)
    let rowBytes = dimension * MemoryLayout<Double>.stride
    guard sizes.count == 3, sizes[0] == dimension, sizes[1] >= 0, sizes[2] >= 0,
      reader.byteCount("token") == sizes[2] * MemoryLayout<Int32>.size,
      reader.byteCount("count") == sizes[2] * MemoryLayout<Int>.size,
      reader.byteCount("m2") == sizes[2] * MemoryLayout<Double>.size,
      reader.byteCount("mean") == sizes[2] * rowBytes, (reader.byteCount("scatter") != nil) == (scatter != nil)
    else {
      throw reader.refusal(
        expected: "moments of dimension \(dimension), within: \(within.rawValue)", found: "others")
    }
    try store.restore(from: reader, workers: workers)
    try scatter?.restore(from: reader)
    samples = sizes[1]
  }
}
