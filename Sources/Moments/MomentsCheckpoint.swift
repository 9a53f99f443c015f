import Storage
import Support

extension ClassMoments {
  /// Writes all that is needed to go on folding as if nothing had come between: what a state holds, by order of appearance,
  /// and what rounding left over.
  ///
  /// Throws `StreamError` where the file, or the scratch file that a limit called for, fails.
  public func save(to file: CheckpointWriter) throws {
    try file.section("moments", [dimension, samples, classes])
    try store.save(to: file, workers: workers)
    try scatter?.save(to: file)
  }

  /// Takes back what ``save(to:)`` wrote, into moments that have folded nothing; their workers and limit may be others.
  ///
  /// Throws ``MomentsError`` where those were moments of another dimension or scatter, and `StreamError` where a file fails.
  public func restore(from file: CheckpointReader) throws {
    let sizes = try file.numbers("moments", as: Int.self)
    let rowBytes = dimension * MemoryLayout<Double>.stride
    guard sizes.count == 3, sizes[0] == dimension, sizes[1] >= 0, sizes[2] >= 0,
      file.byteCount("token") == sizes[2] * MemoryLayout<Int32>.size,
      file.byteCount("count") == sizes[2] * MemoryLayout<Int>.size,
      file.byteCount("m2") == sizes[2] * MemoryLayout<Double>.size,
      file.byteCount("mean") == sizes[2] * rowBytes, (file.byteCount("scatter") != nil) == (scatter != nil)
    else {
      throw MomentsError(
        .badState,
        Diagnosis(
          file: file.name, expected: "moments of dimension \(dimension), within: \(within.rawValue)", found: "others",
          advice: "start over with --restart"))
    }
    try store.restore(from: file, workers: workers)
    try scatter?.restore(from: file)
    samples = sizes[1]
  }
}
