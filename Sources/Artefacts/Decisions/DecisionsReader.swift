import Deciding
import Geometry
import HDF5
import Samples

/// A checked decisions file: it has the right format, is complete, and adds up.
package struct DecisionsReader: Sendable {
  package let name: String
  /// The release that wrote it.
  package let tool: String
  package let checksum: String
  package let provenance: DecisionsProvenance
  package let decisions: Decisions

  /// Reads a file. Throws ``MomentsError`` if it is another kind of HDF5 file or contradicts itself, and `StreamError`
  /// if it is not a complete HDF5 file.
  package init(_ name: String) throws {
    self.name = name
    let file = try ArtefactFile(DecisionsFormat.file, reading: name)
    tool = file.text("tool") ?? ""
    checksum = try file.checksum()
    let made = try file.provenance()
    provenance = DecisionsProvenance(
      made, dimension: try file.int("dimension", 1...Block.maximumDimension),
      classes: try file.int("K", 1...Int(Int32.max)), momentsChecksum: file.text("moments_checksum") ?? "",
      classifierChecksum: file.text("classifier_checksum") ?? "", headDigest: file.text("head_digest"),
      headRows: try Self.headRows(file))
    let samples = try file.int("samples", 1...ArtefactFormat.largestCount)
    let otherPairs = try file.int("other_pairs", 0...samples)
    let counts = try Self.classes(file, samples: samples)
    decisions = Decisions(
      classes: counts, confusion: try Self.confusion(file, samples: samples - otherPairs), otherPairs: otherPairs)
    if let fault = decisions.fault { throw file.bad("its counts", "counts of decided samples", fault) }
    let sum = DecisionsColumns(decisions).checksum(provenance.attributes(decisions))
    guard sum == checksum else {
      throw file.bad("attribute checksum", "the checksum “\(checksum)”", "\(sum) for the data read")
    }
  }

  private static func headRows(_ file: ArtefactFile) throws -> HeadRows {
    guard let text = file.text("head_rows") else { return .all }
    guard let rows = HeadRows(rawValue: text) else {
      throw file.bad("attribute head_rows", HeadRows.allCases.map(\.rawValue).joined(separator: " or "), "“\(text)”")
    }
    return rows
  }

  /// Bytes that a pair of choices takes while its file is read and checked.
  static let pairBytes = 130

  /// The most bytes that reading a file takes, from its shapes: columns, and tables that are up to twice as large as
  /// their contents.
  package static func memory(of name: String) throws -> Int {
    let file = try ArtefactFile(DecisionsFormat.file, reading: name)
    func rows(_ path: String) throws -> Int { try file.file.dataset(path).shape.first ?? 0 }
    let (classes, pairs) = (try rows("/classes/token"), try rows("/confusion/count"))
    let (classBytes, overflow) = classes.multipliedReportingOverflow(by: 360)
    let (pairBytes, beyond) = pairs.multipliedReportingOverflow(by: pairBytes)
    return overflow || beyond ? .max / 4 : min(classBytes, .max / 8) + min(pairBytes, .max / 8)
  }

  private static func classes(_ file: ArtefactFile, samples: Int) throws -> [Int32: Decisions.Counts] {
    let tokens = try column(file, "/classes/token", nil, .int32, of: Int32.self)
    try DecisionsFormat.file.checkAscending(tokens, file.file.name)
    var classes = [Decisions.Counts](repeating: Decisions.Counts(), count: tokens.count)
    for (number, column) in Decisions.Counts.columns.enumerated() {
      let path = "/classes/\(column.name)"
      let counts = try self.column(file, path, tokens.count, .int64, of: Int.self)
      for (row, count) in counts.enumerated() {
        guard count >= (number == 0 ? 1 : 0), count <= (number == 0 ? samples : classes[row].samples) else {
          throw file.bad(path, "valid counts of samples", "\(count) for token \(tokens[row])")
        }
        classes[row][keyPath: column.count] = count
      }
    }
    try checkSum(classes.map(\.samples), samples, file, "/classes/samples")
    return Dictionary(uniqueKeysWithValues: zip(tokens, classes))
  }

  private static func confusion(_ file: ArtefactFile, samples: Int) throws -> [Decisions.Pair: Int] {
    let model = try column(file, "/confusion/model", nil, .int32, of: Int32.self)
    let nearest = try column(file, "/confusion/ncc", model.count, .int32, of: Int32.self)
    let counts = try column(file, "/confusion/count", model.count, .int64, of: Int.self)
    let pairs = zip(model, nearest).map { Decisions.Pair(model: $0, nearest: $1) }
    guard zip(pairs, pairs.dropFirst()).allSatisfy({ $0 < $1 }), counts.allSatisfy({ $0 > 0 && $0 <= samples }) else {
      throw file.bad("/confusion", "ascending pairs with positive counts", "pairs out of order or with other counts")
    }
    try checkSum(counts, samples, file, "/confusion/count")
    return Dictionary(uniqueKeysWithValues: zip(pairs, counts))
  }

  /// Checks that counts, none larger than `samples`, add up to it.
  private static func checkSum(_ counts: [Int], _ samples: Int, _ file: ArtefactFile, _ path: String) throws {
    var left = samples
    for count in counts where left >= 0 { left -= count }
    guard left == 0 else { throw file.bad(path, "counts that add up to \(samples)", "another sum") }
  }

  private static func column<Number: BitwiseCopyable>(
    _ file: ArtefactFile, _ path: String, _ count: Int?, _ type: HDF5Element, of _: Number.Type
  ) throws -> [Number] {
    let dataset = try file.file.dataset(path)
    guard dataset.shape.count == 1, count.map({ dataset.shape == [$0] }) ?? true else {
      throw file.bad(path, "a 1-d array of \(count.map(String.init) ?? "some") numbers", "shape \(dataset.shape)")
    }
    return try dataset.readAll(type, of: Number.self)
  }
}
