import Support

extension ClassMoments: Snapshot {
  /// Writes the contents of a state, in order of appearance, and the low parts of sums.
  package func save(to writer: any SnapshotWriter) throws {
    try writer.section("moments", [dimension, samples, classes])
    try store.save(to: writer, workers: workers)
    try scatter?.save(to: writer)
  }

  /// Restores what ``save(to:)`` wrote into moments that have folded nothing. Workers and limit may differ.
  ///
  /// Throws if the dimension or the scatter differs.
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
        expected: "moments of dimension \(dimension), within: \(within.rawValue)", found: "different ones")
    }
    try store.restore(from: reader, workers: workers)
    try scatter?.restore(from: reader)
    samples = sizes[1]
  }
}
