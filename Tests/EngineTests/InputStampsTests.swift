import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Stamps of inputs that are not read")
struct InputStampsTests {
  @Test("Streams differ by number, names and kinds of files; their folders and sizes may change")
  func differences() throws {
    let (here, there) = (try TemporaryFolder(), try TemporaryFolder())
    let (a, b) = (try here.write("a", [1, 2, 3]), try there.write("a", [4, 5, 6]))
    #expect(InputStamps([a]).difference(from: InputStamps([b])) == nil)
    let longer = try there.write("a", [4, 5, 6, 7])
    #expect(InputStamps([longer]).difference(from: InputStamps([a])) == nil)
    #expect(!InputStamps([longer]).areUntouched(since: InputStamps([a]), first: 1))
    let pipe = try TemporaryFolder().makePipe("a")
    #expect(InputStamps([pipe]).difference(from: InputStamps([a])) == "a was a file, is a pipe now")
    #expect(InputStamps([a, a]).difference(from: InputStamps([a])) == "1 input(s) before, 2 now")
    #expect(InputStamps([a]).difference(from: InputStamps(["-"])) == "- before, a now")
  }

  @Test("A command has no size and never counts as untouched, even if it is the name of a file")
  func command() throws {
    let file = try TemporaryFolder().write("export.sh", [1])
    let stamps = InputStamps(command: file)
    #expect(stamps.inputs.map(\.size) == [nil])
    #expect(!stamps.areUntouched(since: stamps, first: 1))
    #expect(InputStamps(command: "a").difference(from: InputStamps(command: "b")) == "b before, a now")
  }

  @Test("Of the inputs used, a file with another time counts as touched, and so does a pipe")
  func touched() throws {
    let folder = try TemporaryFolder()
    let (a, b) = (try folder.write("a", [1]), try folder.write("b", [2]))
    let then = InputStamps([a, b])
    #expect(InputStamps([a, b]).areUntouched(since: then, first: 2))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: b)
    #expect(InputStamps([a, b]).areUntouched(since: then, first: 1))
    #expect(!InputStamps([a, b]).areUntouched(since: then, first: 2))
    let pipe = try folder.makePipe("p")
    #expect(!InputStamps([pipe]).areUntouched(since: InputStamps([pipe]), first: 1))
  }

  @Test("Files that belong to an input are stamped with it, and with no other")
  func others() throws {
    let folder = try TemporaryFolder()
    let (a, b, tokens) = (try folder.write("a", [1]), try folder.write("b", [2]), try folder.write("t", [3]))
    func stamps() -> InputStamps { InputStamps([a, b]) { $0 == 1 ? [tokens] : [] } }
    let then = stamps()
    #expect(stamps().areUntouched(since: then, first: 2))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: tokens)
    #expect(stamps().areUntouched(since: then, first: 1) && !stamps().areUntouched(since: then, first: 2))
    try folder.write("t", [3, 4])
    #expect(stamps().inputs.map(\.size) == [1, 3] && then.inputs.map(\.size) == [1, 2])
    let pipe = try folder.makePipe("p")
    #expect(InputStamps([a]) { _ in [pipe] }.inputs.map(\.size) == [nil])
  }
}
