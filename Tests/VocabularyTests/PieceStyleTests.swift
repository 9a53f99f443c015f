import Testing

@testable import Support
@testable import Vocabulary

@Suite("Styles of pieces")
struct PieceStyleTests {
  private func style(_ text: String) throws -> PieceStyle { PieceStyle(try JSONValue(parsing: Array(text.utf8))) }

  @Test(
    "The style follows from the parts of a tokenizer",
    arguments: [
      (#"{"decoder": {"type": "ByteLevel"}, "model": {"type": "BPE"}}"#, PieceStyle.byteLevel),
      (
        #"{"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split"}, {"type": "ByteLevel"}]}, "model": {}}"#,
        .byteLevel
      ),
      (
        #"{"decoder": {"type": "Metaspace", "replacement": "_"}, "model": {"type": "BPE"}}"#,
        .sentencePiece(marker: "_")
      ),
      (#"{"decoder": null, "pre_tokenizer": {"type": "Metaspace"}, "model": {}}"#, .sentencePiece(marker: "▁")),
      (
        #"{"decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}]}, "model": {}}"#,
        .sentencePiece(marker: "▁")
      ),
      (
        #"{"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}]}, "model": {}}"#,
        .sentencePiece(marker: "▁")
      ),
      (#"{"model": {"type": "Unigram"}}"#, .sentencePiece(marker: "▁")),
      (#"{"model": {"type": "BPE", "byte_fallback": true}}"#, .sentencePiece(marker: "▁")),
      (#"{"model": {"type": "WordPiece", "continuing_subword_prefix": "@@"}}"#, .wordPiece(prefix: "@@")),
      (#"{"model": {"type": "WordPiece"}}"#, .wordPiece(prefix: "##")),
      (#"{"model": {"type": "WordLevel"}}"#, .plain), (#"{"model": 3}"#, .plain),
    ])
  func detected(text: String, expected: PieceStyle) throws { #expect(try style(text) == expected) }

  @Test("Markers become spaces, and byte pieces become their byte")
  func sentencePiece() {
    let style = PieceStyle.sentencePiece(marker: "▁")
    func bytes(_ piece: String) -> [UInt8] { style.piece(piece).bytes }
    #expect(bytes("▁the") == Array(" the".utf8))
    #expect(bytes("▁▁") == Array("  ".utf8))
    #expect(bytes("a▁\u{301}b") == Array("a \u{301}b".utf8))
    #expect(bytes("<0x0A>") == [0x0A])
    #expect(bytes("<0xE2>") == [0xE2])
    for piece in ["<0x0>", "<0xZZ>", "<0x+1>", "<0x00> "] { #expect(bytes(piece) == Array(piece.utf8), "\(piece)") }
  }

  @Test("A piece with the prefix continues a word")
  func wordPiece() {
    let style = PieceStyle.wordPiece(prefix: "##")
    #expect(!style.piece("##ing").startsWord)
    #expect(style.piece("the").startsWord)
    #expect(style.piece("##ing").bytes == Array("##ing".utf8))
  }
}
