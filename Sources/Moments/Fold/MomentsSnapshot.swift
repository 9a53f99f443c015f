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
  /// Throws if the dimension or the scatter differs, and if the numbers cannot be moments.
  package func restore(from reader: any SnapshotReader) throws {
    let sizes = try reader.numbers("moments", as: Int.self)
    let rowBytes = dimension * MemoryLayout<Double>.stride
    // Classes as the bytes have them, because a false number could overflow.
    let classes = (reader.byteCount("token") ?? 0) / MemoryLayout<Int32>.size
    guard sizes.count == 3, sizes[0] == dimension, sizes[2] == classes,
      reader.byteCount("count") == classes * MemoryLayout<Int>.size,
      reader.byteCount("m2") == classes * MemoryLayout<Double>.size,
      reader.byteCount("mean") == classes * rowBytes, [nil, classes * rowBytes].contains(reader.byteCount("carry")),
      reader.byteCount(ClassStore.diagonalSection) == (moments == .diagonal ? classes * rowBytes : nil),
      (reader.byteCount("scatter") != nil) == (scatter != nil)
    else {
      throw reader.refusal(
        expected: "moments of dimension \(dimension), within: \(within.rawValue), moments: \(moments.rawValue)",
        found: "different ones")
    }
    try store.restore(from: reader, samples: sizes[1], workers: workers)
    try scatter?.restore(from: reader)
    samples = sizes[1]
  }
}
