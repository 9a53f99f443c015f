import Storage

/// The windows of Zstandard frames: how much content a decoder keeps, as later content refers to it.
///
/// A decoder of a whole frame needs none. A decoder in order fills its window as content arrives, so a large window
/// takes memory only if the frame has as much content.
struct WindowLimit: Equatable {
  /// The largest window that libzstd decodes, in bytes.
  static let most = 1 << 31
  /// A window of this size is part of ``EmbeddingReader/memoryAhead``.
  static let planned = 1 << 27

  /// Bytes that decoding the first frame of a file in order keeps. Its other frames may need no more, or
  /// ``planned``, so that memory is known before the file is read.
  let first: Int

  /// - Parameters:
  ///   - file: an open file, at its start.
  ///   - bytes: its first bytes.
  init(of file: FileBytes, start bytes: [UInt8]) {
    guard let positioned = file.positioned(), let end = file.end else {
      first = bytes.withUnsafeBytes { bytes in
        var scanner = FrameScanner(bytes)
        return (try? scanner.firstWindow())?.bytes ?? 0
      }
      return
    }
    var scanner = FrameScanner(positioned, end: end)
    guard let window = try? scanner.firstWindow(from: file.place), window.bytes > Self.planned else {
      first = 0
      return
    }
    let limits = FrameLimits()
    let frame = try? scanner.frame(at: window.start, most: limits.frame)
    first = frame.map { $0.contentBound <= limits.content } == true ? 0 : window.bytes
  }

  /// The most that a frame may keep.
  var bytes: Int { max(first, Self.planned) }
  /// Bytes of memory in addition to ``EmbeddingReader/memoryAhead``.
  var extra: Int { bytes - Self.planned }

  /// The most extra bytes that a file among these takes. Pipes, which cannot be looked at, count as 0, and so does what
  /// cannot be read: reading it reports the error.
  static func extra(of names: [String]) -> Int {
    names.map { name in
      guard !FileBytes.isOnce(name), let file = try? FileBytes(name: name), let start = try? file.peek(Start.length),
        Zstandard.recognizes(start)
      else { return 0 }
      return WindowLimit(of: file, start: start).extra
    }.max() ?? 0
  }
}
