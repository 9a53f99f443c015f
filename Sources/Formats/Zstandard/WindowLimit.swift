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

  /// Bytes that decoding the first frames of a file in order keeps. Its other frames may need no more, or ``planned``, so
  /// that memory is known before the file is read.
  let first: Int

  /// Frames to look at: those of labels, predictions and features may be apart.
  private static let frames = 3
  /// Compressed bytes of a frame to look behind.
  private static let mostPassed = 4 << 20

  /// - Parameters:
  ///   - file: an open file, at its start.
  ///   - bytes: its first bytes.
  init(of file: FileBytes, start bytes: [UInt8]) {
    if let positioned = file.positioned(), let end = file.end {
      first = Self.largest(FrameScanner(positioned, end: end), from: file.place)
    } else {
      first = bytes.withUnsafeBytes { bytes in Self.largest(FrameScanner(bytes), from: 0) }
    }
  }

  /// The most that one of the first frames keeps. Those decoded whole keep nothing.
  private static func largest(_ scanner: FrameScanner, from start: Int) -> Int {
    var (scanner, place, largest) = (scanner, start, 0)
    let limits = FrameLimits()
    for _ in 0..<frames {
      guard let window = try? scanner.firstWindow(from: place) else { break }
      if window.bytes > max(planned, largest) {
        let frame = try? scanner.frame(at: window.start, most: limits.frame)
        if frame.map({ $0.contentBound > limits.content }) ?? true { largest = window.bytes }
      }
      guard let frame = try? scanner.frame(at: window.start, most: mostPassed) else { break }
      place = window.start + frame.count
    }
    return largest
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
