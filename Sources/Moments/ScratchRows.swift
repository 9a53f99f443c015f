import Embeddings
import Streams

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

extension Workers {
  /// Runs `body(0)` … `body(pieces − 1)`, all of them, and returns what each of them threw.
  func attempt(_ pieces: Int, _ body: @Sendable (Int) throws -> Void) -> [(any Error)?] {
    var errors = [(any Error)?](repeating: nil, count: pieces)
    errors.withUnsafeMutableBufferPointer { errors in
      // Each piece writes its own element.
      nonisolated(unsafe) let errors = errors
      run(pieces) { piece in
        do { try body(piece) } catch { errors[piece] = error }
      }
    }
    return errors
  }
}
