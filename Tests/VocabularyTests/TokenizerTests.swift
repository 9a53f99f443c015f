import Foundation
import TestSupport
import Testing

@testable import Vocabulary

@Suite("Tokenizer")
struct TokenizerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tokenizer(_ text: String) throws -> Tokenizer {
    try Tokenizer(try folder.write("tokenizer.json", text: text))
  }

  /// The `tokenizers` package decodes these ids to the same texts, except for the escapes.
  @Test("The committed byte-level vocabulary is read")
  func sample() throws {
    let tokenizer = try Tokenizer(Places.sample + "/tokenizer.json")
    #expect(tokenizer.count == 2048)
    let texts: [Int32: String] = [
      0: "<|endoftext|>", 10: "*", 198: "\\t", 199: "\\n", 220: "\\x1F", 221: " ", 230: "\\x87", 256: "\\xAD",
      257: "th",
      258: " th", 500: " children", 1000: " love", 2047: "Yea",
    ]
    for (token, text) in texts { #expect(tokenizer.text(of: token) == text) }
    #expect(tokenizer.text(of: 2048) == nil && tokenizer.text(of: -1) == nil)
    let types: [Int32: TokenType] = [
      0: .special, 10: .punctuation, 199: .punctuation, 221: .punctuation, 230: .punctuation, 257: .word,
      500: .wordStart,
      2047: .word,
    ]
    for (token, type) in types { #expect(tokenizer.type(of: token) == type, "\(token)") }
    #expect(tokenizer.type(of: 2048) == nil)
  }

  @Test("The shared vocabulary has no special tokens", .enabled(if: Places.hasShared, "no shared data here"))
  func shared() throws {
    let tokenizer = try Tokenizer(Places.shared + "/tokenizer.json")
    let texts: [Int32: String] = [
      0: "!", 198: "\\n", 199: "\\x0B", 221: "\\x7F", 230: "\\x88", 258: " the", 500: " O", 1000: " keep",
      2047: " sold",
    ]
    for (token, text) in texts { #expect(tokenizer.text(of: token) == text, "\(token)") }
    #expect((0..<2048).allSatisfy { tokenizer.type(of: $0) != .special })
  }

  @Test("SentencePiece: BPE with byte fallback")
  func sentencePiece() throws {
    let tokenizer = try tokenizer(
      """
      {"added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 5, "content": "▁x", "special": false}],
       "decoder": {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}]},
       "model": {"type": "BPE", "byte_fallback": true, "merges": [["a", "b"]],
        "vocab": {"<s>": 0, "<0x0A>": 1, "<0xE2>": 2, "▁the": 3, "ing": 4, "▁": 6}}}
      """)
    #expect((0...6).map { tokenizer.text(of: $0) } == ["<s>", "\\n", "\\xE2", " the", "ing", " x", " "])
    #expect(
      (0...6).map { tokenizer.type(of: $0) } == [
        .special, .punctuation, .punctuation, .wordStart, .word, .wordStart, .punctuation,
      ])
  }

  /// The `tokenizers` package decodes these ids to the same texts, except for é: its decoder makes an invalid byte of it.
  @Test("Markers of added tokens are read as those of pieces, as the tokenizers package does")
  func added() throws {
    func texts(_ decoder: String, _ contents: [String]) throws -> [String?] {
      let added = contents.enumerated().map { "{\"id\": \($0), \"content\": \"\($1)\", \"special\": true}" }
      let tokenizer = try tokenizer(
        #"{"decoder": {"type": "\#(decoder)"}, "model": {"vocab": {}}, "added_tokens": [\#(added.joined(separator: ","))]}"#
      )
      return contents.indices.map { tokenizer.text(of: Int32($0)) }
    }
    #expect(
      try texts("Metaspace", ["▁▁", "▁<PRE>", "<s>", "<0x0A>", "a▁b"]) == ["  ", " <PRE>", "<s>", "\\n", "a b"])
    #expect(
      try texts("ByteLevel", ["Ġthe", "  ", "<|x|>", "<｜begin▁of｜>", "é", "Ċ"])
        == [" the", "  ", "<|x|>", "<｜begin▁of｜>", "é", "\\n"])
    #expect(try texts("WordPiece", ["▁", "Ġ"]) == ["▁", "Ġ"])
  }

  @Test("The folder of a tokenizer.json stands for it")
  func inFolder() throws {
    _ = try tokenizer(#"{"model": {"vocab": {"a": 7}}}"#)
    for path in [folder.path, folder.path + "/"] { #expect(try Tokenizer(path).text(of: 7) == "a") }
    #expect(Tokenizer.file("none") == "none")
    expectError(.missing, mentioning: "none/tokenizer.json") {
      try FileManager.default.createDirectory(atPath: folder.file("none"), withIntermediateDirectories: false)
      _ = try Tokenizer(folder.file("none"))
    }
  }

  @Test("Unigram: ids follow the order")
  func unigram() throws {
    let tokenizer = try tokenizer(
      #"{"model": {"type": "Unigram", "vocab": [["<unk>", 0.0], ["▁a", -1.5], ["b", -2]]}}"#)
    #expect((0...3).map { tokenizer.text(of: $0) } == ["<unk>", " a", "b", nil])
  }

  @Test("WordPiece: a piece with the prefix continues a word")
  func wordPiece() throws {
    let tokenizer = try tokenizer(
      ###"{"added_tokens": null, "model": {"type": "WordPiece", "vocab": {"the": 0, "##ing": 1, "##.": 2, ".": 3}}}"###)
    #expect((0...3).map { tokenizer.text(of: $0) } == ["the", "##ing", "##.", "."])
    #expect((0...3).map { tokenizer.type(of: $0) } == [.wordStart, .word, .punctuation, .punctuation])
  }

  @Test("Pieces that Unicode considers equal keep their ids")
  func canonical() throws {
    let tokenizer = try tokenizer(
      "{\"model\": {\"type\": \"Unigram\", \"vocab\": {\"\u{E9}\": 0, \"e\u{301}\": 1, \"\u{212B}\": 2, \"\u{C5}\": 3}}}"
    )
    #expect(tokenizer.count == 4)
    #expect(tokenizer.text(of: 1).map { Array($0.utf8) } == [0x65, 0xCC, 0x81])
  }

  @Test(
    "An invalid tokenizer is an error that says what is missing",
    arguments: [
      ("", "JSON"), ("{", "byte 1"), ("[]", "an object at the top"), ("{}", "no model"),
      (#"{"model": {}}"#, "a model without it"),
      (#"{"model": {"vocab": 3}}"#, "model.vocab"), (#"{"model": {"vocab": {"a": -1}}}"#, "token “a”"),
      (#"{"model": {"vocab": {"a": "b"}}}"#, "token “a”"), (#"{"model": {"vocab": {"a": 4294967296}}}"#, "token “a”"),
      (#"{"model": {"vocab": ["a"]}}"#, "model.vocab[0]"),
      (#"{"model": {"vocab": {}}, "added_tokens": {}}"#, "added_tokens"),
      (#"{"model": {"vocab": {}}, "added_tokens": [{"id": 1}]}"#, "added_tokens[0]"),
      (#"{"model": {"vocab": {}}, "added_tokens": [{"content": "x"}]}"#, "token “x”"),
    ])
  func malformed(text: String, says: String) {
    expectError(.unknownFormat, file: folder.file("tokenizer.json"), mentioning: says) { _ = try tokenizer(text) }
  }

  @Test("A piece of absurd length is an error")
  func long() {
    let piece = String(repeating: "a", count: 5000)
    expectError(.unknownFormat, mentioning: "at most 4096 bytes") {
      _ = try tokenizer("{\"model\": {\"vocab\": {\"\(piece)\": 1}}}")
    }
  }

  @Test("A tokenizer truncated anywhere is an error")
  func cut() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Places.sample + "/tokenizer.json")))
    for count in stride(from: 0, to: bytes.count - 1, by: 4999) {
      let path = try folder.write("cut.json", Array(bytes[..<count]))
      expectError(.unknownFormat, file: path) { _ = try Tokenizer(path) }
    }
  }
}
