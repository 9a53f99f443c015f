import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import Formats
@testable import Storage

@Suite("Checkpoints next to an output")
struct CheckpointStoreTests {
  private let folder: TemporaryFolder
  private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let stamps: InputStamps
  private let positions: [StreamPosition]

  init() throws {
    folder = try TemporaryFolder()
    let labels = [Int32](repeating: 1, count: 70_000)
    let path = try folder.write("s.npy", NPY.batch(labels, labels.map { Float($0) }, dimension: 1))
    stamps = InputStamps([path])
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    var positions: [StreamPosition] = []
    while try reader.next() != nil { positions += [reader.position].compactMap(\.self) }
    self.positions = positions
  }

  private func store() -> CheckpointStore { CheckpointStore(output: folder.file("m.h5"), stage: "m", log: log) }

  private func save(_ store: CheckpointStore, _ position: StreamPosition, _ number: Int) {
    store.save(CheckpointStore.Header(fingerprint: ["within": "none"], inputs: stamps, position: position)) {
      try $0.section("number", [number])
    }
  }

  private func number(_ found: CheckpointStore.Found?) throws -> Int? {
    try found?.file.numbers("number", as: Int.self).first
  }

  @Test("The last is found; the previous one if it is damaged; none if both are damaged or removed")
  func found() throws {
    let store = store()
    #expect(try store.find(["within": "none"], stamps) == nil)
    save(store, positions[0], 1)
    save(store, positions[1], 2)
    store.finish()
    let last = try store.find(["within": "none"], stamps)
    #expect(try number(last) == 2)
    #expect(last?.header.position == positions[1])
    for (name, expected) in [(".m.h5.checkpoint", 1), (".m.h5.checkpoint.previous", nil)] {
      var bytes = try folder.read(name)
      bytes[bytes.count - 40] ^= 1
      try folder.write(name, bytes)
      #expect(try number(store.find(["within": "none"], stamps)) == expected)
    }
    store.remove()
    #expect(try folder.names == ["s.npy"])
  }

  @Test("A section that is not the JSON it should be is named, with what to do")
  func sections() throws {
    let store = store()
    save(store, positions[0], 1)
    store.finish()
    let found = try #require(try store.find(["within": "none"], stamps))
    let error = #expect(throws: StreamError.self) { try found.file.value("number", as: [String].self) }
    let words = error.map { "\($0)" } ?? ""
    #expect(words.contains("expected JSON named number, found other text\n  → remove it, or start over"), "\(words)")
  }

  @Test("A checkpoint for other options or inputs is refused, naming the difference")
  func others() throws {
    let store = store()
    save(store, positions[0], 1)
    store.finish()
    let options = #expect(throws: CheckpointError.self) { _ = try store.find(["within": "pooled"], stamps) }
    #expect(options?.difference == "within was none, is pooled")
    let inputs = #expect(throws: CheckpointError.self) {
      _ = try store.find(["within": "none"], InputStamps([folder.file("s.npy"), folder.file("s.npy")]))
    }
    #expect(inputs?.difference == "1 input(s) before, 2 now")
  }

  @Test("A checkpoint that cannot be written is reported, and the old one stays")
  func unwritable() throws {
    let store = store()
    save(store, positions[0], 1)
    store.finish()
    struct Full: Error {}
    store.save(CheckpointStore.Header(fingerprint: ["within": "none"], inputs: stamps, position: positions[1])) { _ in
      throw Full()
    }
    store.finish()
    #expect(try number(store.find(["within": "none"], stamps)) == 1)
    #expect(try folder.names == [".m.h5.checkpoint", "s.npy"])
  }

  @Test("A checkpoint with the right checksum and impossible numbers is skipped, never resumed from")
  func impossible() throws {
    let header = CheckpointStore.Header(fingerprint: ["within": "none"], inputs: stamps, position: positions[0])
    let json = String(decoding: try JSONEncoder().encode(header), as: UTF8.self)
    for (name, number) in [
      ("rows", "-1"), ("rows", "\(Int.max)"), ("input", "-1"), ("closedBytes", "\(Int.min)"), ("dimension", "0"),
      ("dimension", "-3"), ("dimension", "\(Int.max)"), ("frame", "-1"), ("frame", "\(Int.max)"), ("content", "-9"),
      ("offset", "\(Int.max)"), ("firstRow", "-1"), ("done", "-1"), ("skipped", "\(Int.max)"),
    ] {
      let changed = json.replacing(try Regex("\"\(name)\":[0-9]+"), with: "\"\(name)\":\(number)")
      #expect(changed != json, "\(name)")
      let path = folder.file(".m.h5.checkpoint")
      try folder.write(".m.h5.checkpoint", [])
      let writer = try CheckpointWriter(path, for: path)
      try writer.section("header", Array(changed.utf8))
      try writer.finish()
      #expect(try store().find(["within": "none"], stamps) == nil, "\(name) \(number)")
    }
  }
}
