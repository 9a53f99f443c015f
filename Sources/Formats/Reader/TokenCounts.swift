import Samples
import Storage

/// The integer type of a token file without a header.
public enum TokenWidth: String, Sendable, CaseIterable {
  case uint16
  case uint32

  var element: ElementType { ElementType(kind: .unsigned, width: self == .uint16 ? 2 : 4) }
}

/// How often each token id occurs in files of token ids, or as a label in streams, whose features are skipped.
///
/// A file holds NPY arrays of integers one after another, an embedding stream or, without a header, little-endian
/// integers. Memory grows with the number of token ids seen.
public struct TokenCounts: Sendable {
  public private(set) var samples = 0
  /// What was chosen to read the files, in words: once for all files alike.
  public private(set) var choices: [String] = []
  private var chosen = StreamChoices()
  /// Counts by token id, for ids in the usual range of vocabularies, up to the largest seen.
  private var common: [Int] = []
  /// Counts of larger ids.
  private var others: [Int32: Int] = [:]

  private static let mostCommon = 1 << 20

  public init() {}

  public mutating func add(_ tokens: UnsafeBufferPointer<Int32>) {
    for token in tokens { add(1, of: token) }
  }

  public mutating func add(_ other: TokenCounts) {
    for (token, count) in other.counts { add(count, of: token) }
  }

  private mutating func add(_ count: Int, of token: Int32) {
    samples += count
    let index = Int(token)
    if index >= common.count {
      guard (0..<Self.mostCommon).contains(index) else {
        others[token, default: 0] += count
        return
      }
      common += Array(repeating: 0, count: max(index + 1 - common.count, common.count))
    }
    common[index] += count
  }

  /// The count of every token id that occurs, ascending.
  public var counts: [(token: Int32, count: Int)] {
    common.enumerated().filter { $0.element > 0 }.map { (Int32($0.offset), $0.element) }
      + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// One line per token, ascending: `token,count`.
  public var csv: String { "token,count\n" + counts.map { "\($0.token),\($0.count)\n" }.joined() }

  /// Adds the tokens of a file; `-` is standard input.
  ///
  /// - Parameters:
  ///   - width: of the integers, if the file has no header.
  ///   - progress: receives the bytes read so far.
  /// Throws ``StreamError`` that locates an invalid token id.
  public mutating func add(
    file name: String, width: TokenWidth?, threads: Int = 1, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let file = try PeekedFile(name, width: width, options: ReadOptions(threads: threads))
    let wanted = "token ids or a stream"
    guard !file.start.bytes.isEmpty else { throw Formats.unknown(file, wanted) }
    var own = TokenCounts()
    own.chosen = chosen
    switch try Formats.open(file, as: wanted, advice: TokenFile.advice) {
    case .inOrder(let cursor): try own.add(arrays: cursor, progress)
    case .named(let arrays):
      try own.add(NamedArraysInput(arrays, options: file.options, pool: file.pool), progress)
    case .integers(let source, let type):
      own.note(StreamChoice([.init("token ids", indices: 1, type: type.name, nil)], .each))
      try own.add(integers: source, type, progress)
    }
    try file.file.integrity.check()
    choices += own.choices
    chosen = own.chosen
    add(own)
  }

  /// Notes what was chosen to read a file.
  mutating func note(_ choice: StreamChoice?) { choices += chosen.new(choice) }

  /// Counts the labels.
  private mutating func add(_ input: NamedArraysInput, _ progress: (Int) throws -> Void) throws {
    while let batch = try input.nextBatch(firstRow: samples, options: ReadOptions()) {
      note(input.choice)
      try batch.scanLabels { add($0) }
      try progress(input.consumedBytes)
    }
  }

  /// Counts arrays of integers, except the second of two arrays before features, which holds predictions.
  private mutating func add(arrays cursor: ArrayCursor, _ progress: (Int) throws -> Void) throws {
    var pending: [TokenCounts] = []
    var first: StreamChoice.Part?
    while let header = try cursor.nextHeader() {
      if header.shape.count == 2, !header.type.isInteger, let labels = pending.first {
        add(labels)
        pending = []
        note(StreamChoice([first, .init("features", header, nil)].compactMap(\.self), .labels))
        guard try cursor.skip(header.byteCount) == header.byteCount else {
          throw cursor.truncated("features (\(header.summary))", at: header.position)
        }
      } else {
        try BatchLayout(file: cursor.name).checkTokens(header, role: "token ids")
        if pending.isEmpty { first = StreamChoice.Part("labels", header, nil) }
        var counts = TokenCounts()
        let row = pending.map(\.samples).reduce(samples, +)
        var left = header.byteCount
        try counts.take(header.type, cursor.name, row: row) { chunk in
          let wanted = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, left)])
          guard try cursor.fill(wanted) == wanted.count else {
            throw cursor.truncated("token ids (\(header.summary))", at: header.position)
          }
          left -= wanted.count
          try progress(cursor.consumedBytes)
          return wanted.count
        }
        if pending.count == 2 { add(pending.removeFirst()) }
        pending.append(counts)
      }
    }
    if !pending.isEmpty, let first {
      note(StreamChoice([.init("token ids", indices: 1, type: first.type, nil)], .each))
    }
    for counts in pending { add(counts) }
  }

  private mutating func add(
    integers source: ByteSource, _ type: ElementType, _ progress: (Int) throws -> Void
  ) throws {
    try take(type, source.name, row: 0) { chunk in
      let got = try source.fill(chunk)
      try progress(source.consumedBytes)
      guard got % type.width == 0 else {
        throw StoredIntegers.leftOver(got % type.width, of: type, in: source.name)
      }
      return got
    }
  }

  /// Counts integers chunk by chunk until a chunk is empty.
  private mutating func take(
    _ type: ElementType, _ name: String, row: Int, _ next: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 19, alignment: 64)
    let ids = UnsafeMutableBufferPointer<Int32>.allocate(capacity: chunk.count / type.width)
    defer {
      chunk.deallocate()
      ids.deallocate()
    }
    while true {
      let got = try next(chunk)
      if got == 0 { return }
      let elements = UnsafeMutableRawBufferPointer(rebasing: chunk[..<got])
      type.makeNative(elements)
      let some = UnsafeMutableBufferPointer(rebasing: ids[..<(got / type.width)])
      if let bad = type.tokenIDs(UnsafeRawBufferPointer(elements), bound: Int(Int32.max), into: some) {
        throw StreamError(
          .badLabel, file: name, position: "token \(row + samples + bad.index)",
          expected: "an id of at least 0 and below \(Int32.max)", found: bad.value,
          advice: "check the type of the token ids")
      }
      add(UnsafeBufferPointer(some))
    }
  }
}
