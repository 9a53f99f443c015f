import CZstd
import Samples
import Storage

/// How embedding streams that `write` made are known: by the padding of the first header, which `numpy.save` does not
/// write. A compressed one of release 0.1.0 lacks it, and is known by its first frame, which is exactly one batch.
package enum OwnStream {
  package static let own = OwnFile { file in
    if file.start.starts(with: NPYHeader.magic) {
      return (try? batchBytes(FileBytes(name: file.path), startingWith: [NPYWriter.header(ofBatch:)])) != nil
    }
    guard Zstandard.recognizes(file.start), let size = statedSize(file.start),
      let source = try? ZstdBytes(FileBytes(name: file.path), largestWindow: 1 << 27)
    else { return false }
    return (try? batchBytes(source, startingWith: [NPYWriter.header(ofBatch:), NPYWriter.header(labels:)])) == size
  }

  /// No batch of ours is larger, in rows.
  private static let mostRows = 1 << 26

  /// Bytes of the first batch; nil if it is not one that `BatchEncoder` makes.
  ///
  /// - Parameter beginnings: the headers for a number of rows that it may begin with.
  private static func batchBytes(
    _ source: any ByteSource, startingWith beginnings: [(Int) -> [UInt8]]
  ) throws -> Int? {
    guard case let labels = try header(source), let rows = numbers(labels).first, 0...mostRows ~= rows,
      beginnings.contains(where: { $0(rows) == labels }), try source.skip(4 * rows) == 4 * rows
    else { return nil }
    var bytes = labels.count + 4 * rows
    var next = try header(source)
    if next == NPYWriter.header(labels: rows) {
      guard try source.skip(4 * rows) == 4 * rows else { return nil }
      bytes += next.count + 4 * rows
      next = try header(source)
    }
    guard numbers(next).count == 2, case let dimension = numbers(next)[1], 0...(1 << 24) ~= dimension else {
      return nil
    }
    let scalar = ScalarType.allCases.first { next == NPYWriter.header(features: $0, rows: rows, dimension: dimension) }
    return scalar.map { bytes + next.count + rows * dimension * $0.byteCount }
  }

  /// A header of version 1, as all that are written; fewer bytes at the end of the source.
  private static func header(_ source: any ByteSource) throws -> [UInt8] {
    func read(_ count: Int) throws -> ArraySlice<UInt8> {
      var bytes = [UInt8](repeating: 0, count: count)
      return bytes[..<(try bytes.withUnsafeMutableBytes { try source.fill($0) })]
    }
    let lead = Array(try read(NPYHeader.preambleCount + 2))
    guard lead.count == NPYHeader.preambleCount + 2, lead.starts(with: NPYHeader.magic + [1, 0]) else { return lead }
    return lead + (try read(Int(lead[lead.count - 2]) | Int(lead[lead.count - 1]) << 8))
  }

  /// The extents in a header.
  private static func numbers(_ header: [UInt8]) -> [Int] {
    let text = String(decoding: header, as: UTF8.self)
    guard let start = text.firstIndex(of: "("), let end = text[start...].firstIndex(of: ")") else { return [] }
    return text[text.index(after: start)..<end].split(whereSeparator: { ", ".contains($0) }).compactMap { Int($0) }
  }

  /// The size of the first frame's content, if the frame states it and has a checksum, as ours do.
  private static func statedSize(_ start: [UInt8]) -> Int? {
    guard start.count > 4, start[4] & 4 != 0 else { return nil }
    let size = start.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    return size < 1 << 40 ? Int(size) : nil
  }
}
