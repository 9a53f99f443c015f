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

  /// The end of the usual range.
  private var mostCommon = 1 << 20
  /// Of them, each with its line in the table.
  private var memory = MemoryBudget.Growing(bytes: 128)

  package init() {}

  /// Counts of few ids, which take less memory and time without counts of all ids in between.
  private init(few: Bool) { if few { mostCommon = 0 } }

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
      guard (0..<mostCommon).contains(index) else {
        others[token, default: 0] += count
        return
      }
      common += Array(repeating: 0, count: max(index + 1 - common.count, common.count))
    }
    common[index] += count
  }

  /// Throws ``StreamError`` if there are more token ids than memory has room for.
  package mutating func checkMemory(_ file: String) throws { try memory.check(others.count, file) }

  /// The count of every token id that occurs, ascending.
  package var counts: [(token: Int32, count: Int)] {
    common.enumerated().filter { $0.element > 0 }.map { (Int32($0.offset), $0.element) }
      + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static let columns = ["token", "count"]

  /// Files of counts.
  package static let own = OwnFile.csv { $0.map(String.init) == columns }

  /// One line per token, ascending: `token,count`.
  package var csv: String {
    Self.columns.joined(separator: ",") + "\n" + counts.map { "\($0.token),\($0.count)\n" }.joined()
  }

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
    var files = [file.file.integrity]
    switch try Formats.open(file, as: wanted, advice: TokenFile.advice) {
    case .inOrder(let cursor): try own.add(arrays: cursor, options, progress)
    case .named(let arrays) where try reference.tensor == nil && arrays.holdsFeatures(options):
      let input = try StreamInputs.open(reference.file, options: options)
      try own.add(input, options, progress)
      files += input.integrities
    case .named(let arrays):
      let array = try PositionArray(.named(arrays), of: file, named: reference.tensor, as: .tokens)
      try own.add(array, progress)
      files += array.integrities
    case .integers(let tokens):
      own.note(StreamChoice([.init("token ids", indices: 1, type: tokens.type.name, nil)], .each))
      try own.add(
        integers: tokens.source, tokens.type, bytes: tokens.count.map { $0 * tokens.type.width }, progress)
      try tokens.checkEnd()
      files += tokens.integrities
    }
    for file in files {
      try file.check {
        var again = TokenCounts()
        try again.add(file: text, width: width, isRaw: isRaw, options: options, progress: progress)
        return again.csv == own.csv
      }
    }
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
      try batch.scanLabels {
        add($0)
        try checkMemory(input.name)
      }
      try progress(input.consumedBytes)
    }
  }

  /// Counts all ids of a named array.
  private mutating func add(_ array: PositionArray, _ progress: (Int) throws -> Void) throws {
    guard let type = array.array.elementType else { return }
    note(StreamChoice([.init("token ids", array.array, array.name)], .each))
    let positions = try array.positions(array.array.shape.count).count
    try add(integers: array.array.bytes(from: 0), type, bytes: positions * type.width, progress)
  }

  /// Counts arrays of integers, except the second of two arrays before features, which holds predictions.
  private mutating func add(
    arrays cursor: ArrayCursor, _ options: ReadOptions, _ progress: (Int) throws -> Void
  ) throws {
    // The last array, unless it is the first: predictions, if features follow.
    var held: TokenCounts?
    // Of the array before it: labels, if features follow.
    var (labels, rows): (ArrayHeader?, Int) = (nil, 0)
    var chosen = OrderedChoice()
    while let stored = try cursor.nextHeader() {
      if let array = labels, Self.isFeatures(stored, of: rows, options) {
        (labels, held) = (nil, nil)
        chosen.note(labels: array, features: stored)
        note(chosen.choice)
        guard try cursor.skip(stored.byteCount) == stored.byteCount else {
          throw cursor.truncated("features (\(stored.summary))", at: stored.position)
        }
        continue
      }
      let header = stored.type.isInteger ? stored.asVector : stored
      try BatchLayout(file: cursor.name).checkTokens(header, role: "token ids")
      if let predictions = held {
        add(predictions)
        rows = predictions.samples
      }
      if labels == nil {
        labels = header
        let before = samples
        try take(header, of: cursor, row: 0, progress)
        rows = samples - before
      } else {
        var counts = TokenCounts(few: header.byteCount < 1 << 14)
        try counts.take(header, of: cursor, row: samples, progress)
        held = counts
      }
    }
    if let array = labels {
      note(StreamChoice([.init("token ids", indices: 1, type: array.type.name, nil)], .each))
    }
    if let held { add(held) }
  }

  /// Counts the elements of the array that comes next.
  private mutating func take(
    _ header: ArrayHeader, of cursor: ArrayCursor, row: Int, _ progress: (Int) throws -> Void
  ) throws {
    var left = header.byteCount
    try take(header.type, cursor.name, row: row, bytes: left) { chunk in
      let wanted = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, left)])
      guard try cursor.fill(wanted) == wanted.count else {
        throw cursor.truncated("token ids (\(header.summary))", at: header.position)
      }
      left -= wanted.count
      try progress(cursor.consumedBytes)
      return wanted.count
    }
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
    try take(type, source.name, row: 0, bytes: left) { chunk in
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

  /// Counts integers, at most `bytes`, chunk by chunk until a chunk is empty.
  private mutating func take(
    _ type: ElementType, _ name: String, row: Int, bytes: Int, _ next: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(bytes, 16), 1 << 19), alignment: 64)
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
      try checkMemory(name)
    }
  }
}
