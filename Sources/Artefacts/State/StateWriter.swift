import Moments
import Storage
import Support

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
      let output = try StateOutput(
        temporary, for: path, dimension: dimension, classes: classes, carriesMeans: carriesMeans, within: within)
      try forEachRun(
        of: MomentsTable.rowsPerRun(dimension: dimension), preparing: output.prepare, output.write)
      if let scatter { try output.write(scatter) }
      try output.finish(provenance)
    }
  }

  /// Bytes of the state's numbers: the file is some KiB larger.
  private var stateBytes: Int {
    StateFormat.bytes(dimension: dimension, classes: classes, carriesMeans: carriesMeans, within: within)
  }
}
