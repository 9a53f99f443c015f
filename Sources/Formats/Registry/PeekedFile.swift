import Storage

/// A file whose start alone has been read, and decompressed if it is in Zstandard frames.
struct PeekedFile {
  let file: FileBytes
  let start: Start
  var options: ReadOptions
  let pool: BufferPool
  /// Where to resume reading the content: a mark, and the number of content bytes before it.
  let place: (mark: ResumablePosition, offset: Int)?
  /// What its Zstandard frames may keep in memory.
  let window: WindowLimit?
  /// The content of Zstandard frames from a pipe, which can be read only once.
  private let begun: PeekableBytes?

  var name: String { file.name }
  /// Whether the content is in Zstandard frames.
  var isCompressed: Bool { start.isCompressed }
  /// Whether its bytes can be read in any order.
  var isSeekable: Bool { start.isSeekable }

  /// Opens a file, a pipe or `-`, and peeks at its start. Throws ``StreamError`` if it cannot be read.
  ///
  /// - Parameters:
  ///   - width: of the integers in a file without a header.
  ///   - isRaw: whether the file holds only such integers, whatever it starts with.
  ///   - pool: supplies the buffers.
  init(
    _ name: String, width: TokenWidth? = nil, isRaw: Bool = false, options: ReadOptions = ReadOptions(),
    pool: BufferPool = BufferPool(), at place: (mark: ResumablePosition, offset: Int)? = nil
  ) throws {
    file = try FileBytes(name: name)
    (self.options, self.pool, self.place) = (options, pool, place)
    var bytes = try file.peek(Start.length)
    let isCompressed = !isRaw && Zstandard.recognizes(bytes)
    window = isCompressed ? WindowLimit(of: file, start: bytes) : nil
    if isCompressed, file.size == nil {
      let content = PeekableBytes(
        try Zstandard.content(
          of: file, threads: options.threads, pool: pool, largestWindow: window?.bytes ?? WindowLimit.planned))
      bytes = try content.look(Start.length)
      begun = content
    } else {
      begun = nil
      if isCompressed {
        bytes = try PeekableBytes(ZstdBytes(file)).look(Start.length)
        file.goBack(to: 0)
      }
    }
    start = Start(
      name: name, bytes: bytes, isCompressed: isCompressed, size: isCompressed ? nil : file.size, width: width,
      isRaw: isRaw)
  }

  /// The content, from ``place`` on.
  ///
  /// - Precondition: called only once.
  func content() throws -> any ByteSource {
    if let begun { return begun }
    if let frame = place?.mark.frame { try ResumablePosition.pass(frame, of: file) }
    guard isCompressed else { return file }
    let content = try Zstandard.content(
      of: file, threads: options.threads, pool: pool, largestWindow: window?.bytes ?? WindowLimit.planned)
    if let place { try ResumablePosition.pass(place.mark.content, of: content) }
    return content
  }
}
