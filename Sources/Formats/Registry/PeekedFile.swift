import Storage

/// A file of which no more than its beginning was read, decompressed where it is in Zstandard frames.
struct PeekedFile {
  let file: FileBytes
  let start: Start
  var options: ReadOptions
  let pool: BufferPool
  /// Where the content is to be read from, of a file that was read before: a mark, and the content before it.
  let place: (mark: ByteMark, offset: Int)?
  /// The content of frames in a pipe, which begin only once.
  private let begun: StartedBytes?

  var name: String { file.name }
  /// Whether the content is in Zstandard frames.
  var isCompressed: Bool { start.isCompressed }
  /// Whether its bytes can be had in any order.
  var isSeekable: Bool { file.size != nil && file.name != "-" && !isCompressed }

  /// Opens a file, a pipe or `-`, and looks at its beginning. Throws ``StreamError`` where it cannot be read.
  ///
  /// - Parameters:
  ///   - width: of the integers of a file without a header.
  ///   - pool: where buffers come from.
  init(
    _ name: String, width: TokenWidth? = nil, options: ReadOptions = ReadOptions(), pool: BufferPool = BufferPool(),
    at place: (mark: ByteMark, offset: Int)? = nil
  ) throws {
    file = try FileBytes(name: name)
    (self.options, self.pool, self.place) = (options, pool, place)
    var bytes = try file.peek(Start.length)
    let isCompressed = Zstandard.recognizes(bytes)
    if isCompressed, file.size == nil {
      let content = StartedBytes(try Zstandard.content(of: file, threads: options.threads, pool: pool))
      bytes = try content.look(Start.length)
      begun = content
    } else {
      begun = nil
      if isCompressed {
        bytes = try StartedBytes(ZstdBytes(file)).look(Start.length)
        file.goBack(to: 0)
      }
    }
    start = Start(
      name: name, bytes: bytes, isCompressed: isCompressed, size: isCompressed ? nil : file.size, width: width)
  }

  /// The content, from ``place`` on.
  ///
  /// - Precondition: it is called once.
  func content() throws -> any ByteSource {
    if let begun { return begun }
    if let frame = place?.mark.frame { _ = try file.skip(frame) }
    guard isCompressed else { return file }
    let content = try Zstandard.content(of: file, threads: options.threads, pool: pool)
    if let place { _ = try content.skip(place.mark.content) }
    return content
  }
}
