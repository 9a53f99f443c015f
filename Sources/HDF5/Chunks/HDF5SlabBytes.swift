import CHDF5
import Storage
import Support

/// The bytes of a dataset, row by row, read by the library: slower, but for all filters and layouts that it knows.
///
/// Slabs end at chunk boundaries, and the library keeps chunks larger than a slab until the next one.
package final class HDF5SlabBytes: ByteSource {
  package var name: String { file.name }
  package private(set) var consumedBytes = 0

  private let file: HDF5File
  private let rows: HDF5Rows
  private let rowBytes: Int
  private let slab: UnsafeMutableRawBufferPointer
  private var next: Int
  private var content = 0..<0

  package init(_ file: HDF5File, _ path: String, rowBytes: Int, from row: Int) throws {
    (self.file, self.rowBytes) = (file, rowBytes)
    rows = try HDF5Rows(file: file, path: path)
    try rows.dataset.checkWritten()
    next = row
    let byteCount = min(rows.window, max(rows.dataset.shape.first ?? 0, 1)) * rowBytes
    try MappedMemory.check(byteCount, for: "rows of \(path) of \(file.name)")
    slab = .allocate(byteCount: byteCount, alignment: 64)
  }

  deinit { slab.deallocate() }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if content.isEmpty { try readSlab() }
    let part = content.lowerBound..<content.lowerBound + min(buffer.count, content.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: slab[part]))
    content = part.upperBound..<content.upperBound
    consumedBytes += part.count
    return part.count
  }

  package func stop() {}

  private func readSlab() throws {
    guard next < rows.dataset.shape.first ?? 0, let start = slab.baseAddress else { return }
    let end = min(next / rows.window * rows.window + rows.window, rows.dataset.shape[0])
    try rows.dataset.readStored(next..<end, into: start)
    content = 0..<(end - next) * rowBytes
    next = end
  }
}

extension HDF5Dataset {
  /// Reads rows in their stored type.
  func readStored(_ rows: Range<Int>, into buffer: UnsafeMutableRawPointer) throws {
    let type = try HDF5Library.locked {
      try HDF5Handle(H5Dget_type(handle.id), H5Tclose) { unreadable("elements of a type") }
    }
    try read(rows, native: type.id, byteCount: elementBytes, into: buffer)
  }

  /// Throws if some elements were never written, because the library would invent them.
  func checkWritten() throws {
    if let refusal { throw refusal }
    guard !shape.contains(0) else { return }
    let isWritten = try HDF5Library.locked {
      guard let chunk = chunkExtents else { return storedBytes > 0 }
      let space = try HDF5Handle(H5Dget_space(handle.id), H5Sclose) { unreadable("an array") }
      var count: hsize_t = 0
      let all = zip(shape, chunk).reduce(1 as hsize_t) {
        $0.multipliedReportingOverflow(by: hsize_t(($1.0 - 1) / $1.1 + 1)).partialValue
      }
      return H5Dget_num_chunks(handle.id, space.id, &count) >= 0 && count == all
    }
    guard isWritten else { throw unreadable("an array that was fully written") }
  }
}
