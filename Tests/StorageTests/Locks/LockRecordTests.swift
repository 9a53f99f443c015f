import Foundation
import Testing

@testable import Storage

@Suite("Lock records")
struct LockRecordTests {
  private let owner = ProcessIdentity(host: "node3", boot: "b", namespace: "n", pid: 4711, start: 1, user: "ana")

  @Test("A record reads back, and has the same length for any number of beats")
  func bytes() throws {
    var record = LockRecord(run: "a/b “c”", owner: owner)
    let length = record.bytes.count
    for beat in [0, 1, 9, 10, 123_456, .max, -1] {
      record.beat = beat
      #expect(record.bytes.count == length && record.bytes.last == UInt8(ascii: "\n"))
      #expect(LockRecord(record.bytes) == record)
    }
  }

  @Test("It is one line of JSON that anyone can read")
  func json() throws {
    let record = LockRecord(run: "quickstart", owner: owner)
    #expect(record.bytes.count { $0 == UInt8(ascii: "\n") } == 1)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(record.bytes)) as? [String: Any])
    #expect(object["run"] as? String == "quickstart" && object["beat"] as? Int == 0)
    #expect((object["owner"] as? [String: Any])?["pid"] as? Int == 4711)
    #expect(record.description == "“quickstart” (pid 4711 of ana on node3, since \(record.since))")
    #expect(try Date(record.since, strategy: .iso8601) <= .now)
  }

  @Test("Two records of one owner differ, and other texts are not records")
  func others() {
    let record = LockRecord(run: "quickstart", owner: owner)
    #expect(record != LockRecord(run: "quickstart", owner: owner))
    #expect(LockRecord([]) == nil && LockRecord(Array("{}".utf8)) == nil)
    #expect(LockRecord(record.bytes.dropLast(30)) == nil)
    #expect(LockRecord(run: "quickstart").owner == .current)
  }
}
