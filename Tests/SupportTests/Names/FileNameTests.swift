import TestSupport
import Testing

@testable import Support

@Suite("File names")
struct FileNameTests {
  static let names: [[UInt8]] = [
    Array("plain".utf8), Array("café ∂ 日本 😀".utf8), [], [0xE9], Array("caf".utf8) + [0xE9] + Array(".npy".utf8),
    // Cut off, too long, surrogates, beyond Unicode.
    [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF, 0xFE],
    // U+10FE80, U+10FEE9 and their neighbours as UTF-8.
    [0xF4, 0x8F, 0xBA, 0x80], [0xF4, 0x8F, 0xBB, 0xA9], [0xF4, 0x8F, 0xB9, 0xBF], [0xF4, 0x8F, 0xBC, 0x80],
  ]

  @Test("Any bytes come back from the text, and no two names have the same text")
  func roundTrip() {
    var random = SeededGenerator(1)
    let random256 = (0..<200).map { length in
      (0..<length % 9).map { _ in UInt8.random(in: 1...255, using: &random) }
    }
    let all = Set(Self.names + random256)
    for name in all { #expect(FileName.bytes(FileName.text(name)) == name, "\(name)") }
    #expect(Set(all.map { Array(FileName.text($0).utf8) }).count == all.count)
  }

  @Test("A name in UTF-8 is its own text, unless it has the scalars that stand for bytes")
  func plain() {
    #expect(FileName.text(Array("café 😀".utf8)) == "café 😀")
    #expect(FileName.text([0x61, 0xE9]).unicodeScalars.map(\.value) == [0x61, 0x10_FEE9])
    #expect(
      FileName.text([0xF4, 0x8F, 0xBB, 0xA9]).unicodeScalars.map(\.value) == [
        0x10_FEF4, 0x10_FE8F, 0x10_FEBB, 0x10_FEA9,
      ])
  }

  @Test("The system gets the name's bytes, ended by zero")
  func call() {
    for name in Self.names {
      let length = FileName.withBytes(of: FileName.text(name)) { strlen($0) }
      #expect(length == name.count)
      #expect(FileName.withBytes(of: FileName.text(name)) { FileName.text($0) } == FileName.text(name))
    }
  }

  @Test("People read bytes that are not UTF-8 as the shell writes them")
  func readable() {
    #expect(FileName.readable(FileName.text(Array("caf".utf8) + [0xE9] + Array(".npy".utf8))) == "caf\\xE9.npy")
    #expect(FileName.readable("café 😀") == "café 😀")
  }

  @Test("Files whose names differ in bytes that are not UTF-8 are different files")
  func files() throws {
    let folder = try TemporaryFolder()
    let (one, two) = (folder.path + "/" + FileName.text([0xE9]), folder.path + "/" + FileName.text([0xE8]))
    #expect(mkdir(one, 0o700) == 0 && mkdir(two, 0o700) == 0)
    var (status, other) = (stat(), stat())
    #expect(stat(one, &status) == 0 && lstat(two, &other) == 0 && status.st_ino != other.st_ino)
    #expect(access(one, W_OK) == 0 && access(folder.path + "/\u{FFFD}", F_OK) != 0)
    #expect(rmdir(two) == 0 && rename(one, two) == 0 && rmdir(one) != 0 && rmdir(two) == 0)
  }

  @Test("A name with a zero byte is the name of nothing: it is not cut at that byte")
  func zero() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", text: "a")
    #expect(FileName.withBytes(of: path + "\0.npy") { strlen($0) } == 0)
    var status = stat()
    #expect(stat(path, &status) == 0 && stat(path + "\0.npy", &status) != 0)
    #expect(access(path + "\0", R_OK) != 0 && unlink(path + "\0") != 0 && mkdir(folder.file("b\0c"), 0o700) != 0)
    #expect(rename(path, folder.file("c\0d")) != 0 && link(path, folder.file("c\0d")) != 0)
    #expect(try folder.names == ["a"])
  }
}
