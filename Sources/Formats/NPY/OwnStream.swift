import CZstd
import Samples
import Storage

/// How embedding streams that `write` made are known. `numpy.save` writes the same headers for int32 labels, so a plain
/// stream is known by its layout alone; a compressed one also by its first frame, which is exactly one batch.
package enum OwnStream {
  package static let own = OwnFile { file in
    if file.start.starts(with: NPYHeader.magic) { return (try? batchBytes(FileBytes(name: file.path))) != nil }
    guard Zstandard.recognizes(file.start), let size = statedSize(file.start),
      let source = try? ZstdBytes(FileBytes(name: file.path), largestWindow: 1 << 27)
    else { return false }
    return (try? batchBytes(source)) == size
  }

  /// No batch of ours is larger, in rows.
  private static let mostRows = 1 << 26
  /// All headers that are written have this length.
  private static let headerBytes = 128

  /// Bytes of the first batch; nil if it is not one that `BatchEncoder` makes.
  private static func batchBytes(_ source: any ByteSource) throws -> Int? {
    var bytes = headerBytes
    guard case let labels = try header(source), let rows = numbers(labels).first, 0...mostRows ~= rows,
      labels == NPYWriter.header(labels: rows), try source.skip(4 * rows) == 4 * rows
    else { return nil }
    var next = try header(source)
    if next == labels {
      guard try source.skip(4 * rows) == 4 * rows else { return nil }
      bytes += headerBytes + 4 * rows
      next = try header(source)
    }
    guard numbers(next).count == 2, case let dimension = numbers(next)[1], 0...(1 << 24) ~= dimension else {
      return nil
    }
    let scalar = ScalarType.allCases.first { next == NPYWriter.header(features: $0, rows: rows, dimension: dimension) }
    return scalar.map { bytes + 4 * rows + headerBytes + rows * dimension * $0.byteCount }
  }

  private static func header(_ source: any ByteSource) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: headerBytes)
    let count = try bytes.withUnsafeMutableBytes { try source.fill($0) }
    return Array(bytes[..<count])
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
