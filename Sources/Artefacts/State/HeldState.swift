import Geometry
import Moments
import Samples
import Storage

/// A whole state in memory: the content of a state file.
package struct HeldState: Sendable {
  /// Without the second moments of features if they are only measured, which needs ``spreads``.
  package let table: MomentsTable
  package let within: WithinScatter
  package let provenance: Provenance
  /// The checksum recorded in its file; see ``StateFormat``.
  package let checksum: String
  /// How each class is spread over the features, if the state has their second moments.
  package let spreads: FeatureSpreads

  /// Copies moments. Throws ``MomentsError`` if they have no class or overflowed.
  package init(_ moments: ClassMoments, _ provenance: Provenance) throws {
    try StateFormat.checkClasses(moments.classes, provenance)
    let table = try moments.table
    try table.checkFinite()
    (self.table, within, self.provenance) = (table, moments.within, provenance)
    let sums = StateCheck.Sums()
    sums.update(table)
    if let scatter = table.withinScatter { sums.scatter.update(scatter.elements) }
    spreads = FeatureSpreads(table)
    checksum = sums.value(Self.format(table, within).attributes(samples: table.samples, provenance))
  }

  init(
    _ table: MomentsTable, _ within: WithinScatter, _ provenance: Provenance, checksum: String,
    spreads: FeatureSpreads? = nil
  ) {
    (self.table, self.within, self.provenance, self.checksum) = (table, within, provenance, checksum)
    self.spreads = spreads ?? FeatureSpreads(table)
  }

  /// Reads a state file. Throws the errors of ``StateReader``.
  package init(reading name: String) throws {
    let reader = try StateReader(name)
    self.init(
      try reader.table(withDiagonal: true), reader.within, reader.provenance, checksum: reader.checksum)
  }

  /// Reads an open state, without the second moments of features. Checks for cancellation after each run of classes.
  package init(reading reader: StateReader) throws {
    var spreads = FeatureSpreads()
    let table = try reader.table { spreads.add($0) }
    self.init(table, reader.within, reader.provenance, checksum: reader.checksum, spreads: spreads)
  }

  /// Writes the state to `path` atomically. Throws `StreamError` if the file cannot be written.
  package func write(to path: String) throws {
    let format = Self.format(table, within)
    try DiskSpace.check(path, bytes: format.byteCount)
    try AtomicFile.write(path) { temporary in
      let writer = try StateWriter(temporary, for: path, format)
      try writer.prepare(table)
      try writer.write(table)
      if let scatter = table.withinScatter {
        try writer.writeScatter {
          Matrix(rows: $0.count, columns: table.dimension, elements: $0.flatMap { scatter[row: $0] })
        }
      }
      try writer.finish(provenance)
    }
  }

  private static func format(_ table: MomentsTable, _ within: WithinScatter) -> StateFormat {
    StateFormat(
      dimension: table.dimension, classes: table.classes, keepsLowParts: table.lowPart != nil, within: within,
      moments: table.moments)
  }
}
