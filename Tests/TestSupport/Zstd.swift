import CZstd
import Foundation

/// Makes Zstandard frames, with the library and with the command.
package enum Zstd {
  /// One frame.
  package static func frame(_ content: [UInt8], checksum: Bool = false, level: CInt = 1) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count))
    let count = ZSTD_compress2(context, &frame, frame.count, content, content.count)
    precondition(ZSTD_isError(count) == 0)
    return Array(frame[..<count])
  }

  /// One frame written piece by piece, whose header does not state its content size.
  package static func streamed(_ content: [UInt8], windowLog: CInt = 0) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count) + 1_000)
    let count = content.withUnsafeBytes { content in
      frame.withUnsafeMutableBytes { frame in
        var source = ZSTD_inBuffer(src: content.baseAddress, size: content.count / 2, pos: 0)
        var target = ZSTD_outBuffer(dst: frame.baseAddress, size: frame.count, pos: 0)
        precondition(ZSTD_isError(ZSTD_compressStream2(context, &target, &source, ZSTD_e_flush)) == 0)
        source.size = content.count
        precondition(ZSTD_compressStream2(context, &target, &source, ZSTD_e_end) == 0)
        return target.pos
      }
    }
    return Array(frame[..<count])
  }

  /// Frames of `size` bytes of content each, split wherever that falls.
  package static func frames(_ content: [UInt8], of size: Int, checksum: Bool = false) -> [UInt8] {
    stride(from: 0, to: content.count, by: size).flatMap {
      frame(Array(content[$0..<min($0 + size, content.count)]), checksum: checksum)
    }
  }

  /// A skippable frame; there are sixteen kinds.
  package static func skippable(_ content: [UInt8], kind: UInt8 = 0) -> [UInt8] {
    [0x50 | kind, 0x2A, 0x4D, 0x18] + (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) } + content
  }

  /// A frame without content whose header demands a window of (1 + `eighths` / 8)·2^`log` bytes.
  package static func emptyFrame(windowLog log: UInt8, eighths: UInt8 = 0) -> [UInt8] {
    magic + [0x00, (log - 10) << 3 | eighths, 0x01, 0x00, 0x00]
  }

  /// A frame of `first` and then `count` zeros, of unstated size: a few bytes per 128 KiB.
  package static func zeros(_ count: Int, windowLog log: UInt8, after first: [UInt8] = []) -> [UInt8] {
    func header(_ size: Int, _ type: Int, isLast: Bool = false) -> [UInt8] {
      let number = size << 3 | type << 1 | (isLast ? 1 : 0)
      return (0..<3).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let largest = 1 << 17
    var frame = magic + [0x00, (log - 10) << 3]
    for start in stride(from: 0, to: first.count, by: largest) {
      let block = first[start..<min(start + largest, first.count)]
      frame += header(block.count, 0) + block
    }
    for start in stride(from: 0, to: count, by: largest) { frame += header(min(largest, count - start), 1) + [0] }
    return frame + header(0, 0, isLast: true)
  }

  /// A frame without content whose header names a dictionary.
  package static let withDictionary: [UInt8] = magic + [0x21, 0x07, 0x00, 0x01, 0x00, 0x00]

  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// The `zstd` command, if it is installed.
  package static let command: String? =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/zstd" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The command's output for a file with that content.
  package static func run(_ arguments: [String], _ content: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command ?? "")
    process.arguments = ["--quiet"] + arguments + [try folder.write("content", content), "-o", folder.file("frames")]
    try process.run()
    process.waitUntilExit()
    return try folder.read("frames")
  }
}
