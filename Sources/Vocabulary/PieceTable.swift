/// The pieces of a vocabulary by token id, in a few large arrays: some tens of millions of bytes hold millions of pieces.
struct PieceTable: Sendable {
  /// One piece.
  struct Entry: Sendable {
    let token: Int32
    /// Where its bytes start.
    let start: UInt32
    /// Not more than ``Tokenizer/longestPiece``.
    let length: UInt16
    let startsWord: Bool
    let isSpecial: Bool
    let isAdded: Bool
  }

  /// By ascending token id once ``sort()`` was called; then each id once.
  private(set) var entries: [Entry] = []
  private var bytes: [UInt8] = []

  /// - Parameters:
  ///   - pieces: how many will be added.
  ///   - bytes: how many bytes they have, at most.
  init(pieces: Int, bytes: Int) {
    entries.reserveCapacity(pieces)
    self.bytes.reserveCapacity(bytes)
  }

  mutating func add(_ piece: Tokenizer.Piece, as token: Int32, isAdded: Bool = false) {
    entries.append(
      Entry(
        token: token, start: UInt32(bytes.count), length: UInt16(piece.bytes.count), startsWord: piece.startsWord,
        isSpecial: piece.isSpecial, isAdded: isAdded))
    bytes += piece.bytes
  }

  /// Sorts by token id. Of several pieces with one id the last added token stays, else the first of the vocabulary.
  mutating func sort() {
    // A vocabulary is usually in order.
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.token < $1.token }
    if isSorted { return }
    entries.sort { ($0.token, $0.start) < ($1.token, $1.start) }
    var kept = 0
    for place in entries.indices {
      let entry = entries[place]
      if kept > 0, entries[kept - 1].token == entry.token {
        if entry.isAdded { entries[kept - 1] = entry }
      } else {
        entries[kept] = entry
        kept += 1
      }
    }
    entries.removeLast(entries.count - kept)
  }

  subscript(token: Int32) -> Entry? {
    var (low, high) = (0, entries.count)
    // Ids usually count from 0.
    if token >= 0, Int(token) < high, entries[Int(token)].token == token { return entries[Int(token)] }
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].token < token { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].token == token ? entries[low] : nil
  }

  func bytes(of entry: Entry) -> [UInt8] { Array(bytes[Int(entry.start)...].prefix(Int(entry.length))) }
}
