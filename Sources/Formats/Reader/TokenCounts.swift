import Samples
import Storage

/// The integer type of a token file without a header.
package enum TokenWidth: String, Sendable, CaseIterable {
  case uint16
  case uint32

  var element: ElementType { ElementType(kind: .unsigned, width: self == .uint16 ? 2 : 4) }
}

/// How often each token id occurs in files of token ids, or as a label in streams, whose features are skipped.
///
/// A file holds NPY arrays of integers one after another, an embedding stream in any format, a named array of token
/// ids, or nothing but integers. Memory grows with the number of token ids seen.
package struct TokenCounts: Sendable {
  package private(set) var samples = 0
  /// What was chosen to read the files, in words: once for all files alike.
  package private(set) var choices: [String] = []
  private var chosen = StreamChoices()
  /// Counts by token id, for ids in the usual range of vocabularies, up to the largest seen.
  private var common: [Int] = []
  /// Counts of larger ids.
  private var others: [Int32: Int] = [:]

  private static let mostCommon = 1 << 20

  package init() {}

  package mutating func add(_ tokens: UnsafeBufferPointer<Int32>) {
    for token in tokens { add(1, of: token) }
  }

  package mutating func add(_ other: TokenCounts) {
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
  package var counts: [(token: Int32, count: Int)] {
    common.enumerated().filter { $0.element > 0 }.map { (Int32($0.offset), $0.element) }
      + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// One line per token, ascending: `token,count`.
  package var csv: String { "token,count\n" + counts.map { "\($0.token),\($0.count)\n" }.joined() }

  /// Adds the token ids or labels of an input: a file, `file.h5#dataset`, or `-` for standard input.
  ///
  /// - Parameters:
  ///   - width: of the integers, if the file has no header.
  ///   - isRaw: whether it has no header, whatever it starts with.
  ///   - options: how to read it if it is a stream.
  ///   - progress: receives the bytes read so far.
  /// Throws ``StreamError`` that locates an invalid token id.
  package mutating func add(
    file text: String, width: TokenWidth?, isRaw: Bool = false, options: ReadOptions = ReadOptions(),
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    let reference = TensorReference(text)
    let file = try PeekedFile(reference.file, width: width, isRaw: isRaw, options: options)
    let wanted = "token ids or a stream"
    guard !file.start.bytes.isEmpty else { throw Formats.unknown(file, wanted) }
    var own = TokenCounts()
    own.chosen = chosen
    switch try Formats.open(file, as: wanted, advice: TokenFile.advice) {
    case .inOrder(let cursor): try own.add(arrays: cursor, options, progress)
    case .named(let arrays) where try reference.tensor == nil && arrays.holdsFeatures(options):
      try own.add(StreamInputs.open(reference.file, options: options), options, progress)
    case .named(let arrays):
      let array = try PositionArray(.named(arrays), of: file, named: reference.tensor, as: .tokens)
      try own.add(array, progress)
    case .integers(let tokens):
      own.note(StreamChoice([.init("token ids", indices: 1, type: tokens.type.name, nil)], .each))
      try own.add(
        integers: tokens.source, tokens.type, bytes: tokens.count.map { $0 * tokens.type.width }, progress)
      try tokens.checkEnd()
      for integrity in tokens.integrities { try integrity.check() }
    }
    try file.file.integrity.check()
    choices += own.choices
    chosen = own.chosen
    add(own)
  }

  /// Notes what was chosen to read a file.
  mutating func note(_ choice: StreamChoice?) { choices += chosen.new(choice) }

  /// Counts the labels of a stream.
  private mutating func add(
    _ input: any StreamInput, _ options: ReadOptions, _ progress: (Int) throws -> Void
  ) throws {
    while let batch = try input.nextBatch(firstRow: samples, options: options) {
      note(input.choice)
      try batch.scanLabels { add($0) }
      try progress(input.consumedBytes)
    }
    for integrity in input.integrities { try integrity.check() }
  }

  /// Counts all ids of a named array.
  private mutating func add(_ array: PositionArray, _ progress: (Int) throws -> Void) throws {
    guard let type = array.array.elementType else { return }
    note(StreamChoice([.init("token ids", array.array, array.name)], .each))
    let positions = try array.positions(array.array.shape.count).count
    try add(integers: array.array.bytes(from: 0), type, bytes: positions * type.width, progress)
    for integrity in array.integrities { try integrity.check() }
  }

  /// Counts arrays of integers, except the second of two arrays before features, which holds predictions.
  private mutating func add(
    arrays cursor: ArrayCursor, _ options: ReadOptions, _ progress: (Int) throws -> Void
  ) throws {
    var pending: [TokenCounts] = []
    var first: StreamChoice.Part?
    while let stored = try cursor.nextHeader() {
      let header = stored.type.isInteger ? stored.reshaped(UnitAxes.vector(stored.shape)) : stored
      if let labels = pending.first, Self.isFeatures(stored, of: labels.samples, options) {
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

  /// Whether an array after labels is their features.
  private static func isFeatures(_ header: ArrayHeader, of rows: Int, _ options: ReadOptions) -> Bool {
    UnitAxes.matrix(header.shape, rows: rows).count == 2
      && (!header.type.isInteger || options.uint16IsBFloat16 && header.type.isUInt16)
  }

  /// Counts the integers of a source.
  ///
  /// - Parameter bytes: how many they take; nil if only the end of the data tells.
  private mutating func add(
    integers source: ByteSource, _ type: ElementType, bytes: Int?, _ progress: (Int) throws -> Void
  ) throws {
    var left = bytes ?? .max
    try take(type, source.name, row: 0) { chunk in
      let wanted = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, left)])
      let got = try source.fill(wanted)
      left -= got
      try progress(source.consumedBytes)
      if let bytes, got < wanted.count {
        throw StreamError(
          .truncated, file: source.name, position: "the end", expected: "\(bytes / type.width) token ids",
          found: "\((bytes - left) / type.width)", advice: "the file was cut short: write it again, or copy it again")
      }
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
