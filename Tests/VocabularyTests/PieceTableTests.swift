import Testing

@testable import Vocabulary

@Suite("Table of pieces")
struct PieceTableTests {
  private func table(_ pieces: [(token: Int32, text: String, isAdded: Bool)]) -> PieceTable {
    var table = PieceTable(pieces: 0, bytes: 0)
    for piece in pieces {
      table.add(Tokenizer.Piece(bytes: Array(piece.text.utf8)), as: piece.token, isAdded: piece.isAdded)
    }
    table.sort()
    return table
  }

  @Test("Of several pieces with one id the last added token counts, else the first of the vocabulary")
  func repeated() {
    let table = table([
      (7, "a", false), (3, "b", false), (7, "c", false), (3, "d", true), (9, "e", true), (3, "f", true),
      (9, "g", false),
    ])
    #expect(table.entries.map(\.token) == [3, 7, 9])
    #expect(table.entries.map { String(decoding: table.bytes(of: $0), as: UTF8.self) } == ["f", "a", "e"])
  }

  @Test(
    "Ids are found whether they count from 0 or lie apart", arguments: [[0, 1, 2, 3], [5, 100, .max], [2, 0, 1], []])
  func lookup(tokens: [Int32]) {
    let table = table(tokens.map { ($0, "\($0)", false) })
    for token in tokens {
      #expect(table[token].map { String(decoding: table.bytes(of: $0), as: UTF8.self) } == "\(token)")
    }
    for token in [-1, 4, 99, 101, Int32.min] where !tokens.contains(token) { #expect(table[token] == nil) }
  }
}
