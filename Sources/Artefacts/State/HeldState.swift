import Moments
import Samples
import Storage

/// A whole state in memory: the content of a state file.
package struct HeldState: Sendable {
  package let table: MomentsTable
  package let within: WithinScatter
  package let provenance: Provenance
  /// The checksum recorded in its file; see ``StateFormat``.
  package let checksum: String

  /// Copies moments. Throws ``MomentsError`` if they have no class or overflowed.
  package init(_ moments: ClassMoments, _ provenance: Provenance) throws {
    try StateFormat.checkClasses(moments.classes, provenance)
    let table = try moments.table
    try table.checkFinite()
    (self.table, within, self.provenance) = (table, moments.within, provenance)
    let sums = StateCheck.Sums()
    table.withUnsafeMeans { sums.update(table.tokens, table.counts, table.m2, means: $0, lowParts: $1) }
    if let scatter = table.withinScatter { sums.scatter.update(scatter.elements) }
    checksum = sums.value(Self.format(table, within).attributes(samples: table.samples, provenance))
  }

  /// Reads a state file. Throws the errors of ``StateReader``.
  package init(reading name: String) throws {
    let reader = try StateReader(name)
    table = try reader.table()
    (within, provenance, checksum) = (reader.within, reader.provenance, reader.checksum)
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
      dimension: table.dimension, classes: table.classes, keepsLowParts: table.lowPart != nil, within: within)
  }
}
