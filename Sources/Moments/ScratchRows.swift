import Storage

/// Rows of one length in a scratch file, row r at r times its bytes.
struct ScratchRows: Sendable {
  let file: ScratchFile
  let dimension: Int

  private var rowBytes: Int { dimension * MemoryLayout<Double>.stride }

  func write(_ row: Int, _ elements: UnsafePointer<Double>) throws {
    try file.write(UnsafeRawBufferPointer(start: elements, count: rowBytes), at: row * rowBytes)
  }

  func read(_ row: Int, into elements: UnsafeMutablePointer<Double>) throws {
    try file.read(at: row * rowBytes, into: UnsafeMutableRawBufferPointer(start: elements, count: rowBytes))
  }

  /// Says that a row will be read soon.
  func announce(_ row: Int) { file.announce(at: row * rowBytes, count: rowBytes) }
}
