import Foundation

/// The contents of a lock file.
struct LockRecord: Codable, Equatable {
  let owner: ProcessIdentity
  let run: String
  /// For people only.
  let since: String
  /// Unique to this lock.
  let token: String
  var beat = 0
  /// Whether the owner holds the kernel's lock too, on a disk of its machine. Then the file is abandoned once nobody
  /// does. Release 0.1.0 does not say, and holds none.
  var kernel: Bool?

  init(run: String, owner: ProcessIdentity = .current) {
    (self.owner, self.run) = (owner, run)
    since = Date.now.formatted(.iso8601)
    token = String(UInt64.random(in: .min ... .max), radix: 36)
  }

  init?(_ bytes: [UInt8]) {
    // A longer record before it may have left an end.
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard let record = try? JSONDecoder().decode(LockRecord.self, from: Data(line)) else { return nil }
    self = record
  }

  /// JSON of the same length for any count, because each beat overwrites the last in place.
  var bytes: [UInt8] {
    let text = (try? jsonLine()).map { Array($0.utf8) } ?? []
    return text + Array(repeating: UInt8(ascii: " "), count: max(0, 20 - "\(beat)".count)) + [UInt8(ascii: "\n")]
  }

  /// `“quickstart” (pid 4711 of ana on node3, since 2026-01-01T00:00:00Z)`.
  var description: String { "“\(run)” (\(owner.description), since \(since))" }
}
