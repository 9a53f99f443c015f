import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// A clock that only advances when someone sleeps, and then calls a function.
private final class SleptClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var time: Duration
    func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
    func duration(to other: Instant) -> Duration { other.time - time }
    static func < (a: Instant, b: Instant) -> Bool { a.time < b.time }
  }

  private let time = Mutex(Duration.zero)
  private let meanwhile: @Sendable (Duration) -> Void

  init(_ meanwhile: @escaping @Sendable (Duration) -> Void = { _ in }) { self.meanwhile = meanwhile }

  var now: Instant { Instant(time: time.withLock { $0 }) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    time.withLock { $0 = max($0, deadline.time) }
    meanwhile(deadline.time)
  }
}

@Suite("Output lock")
struct OutputLockTests {
  private func put(_ record: LockRecord, _ folder: TemporaryFolder) throws {
    try folder.write(".m.h5.lock", record.bytes)
  }

  /// An owner unknown to this machine.
  private var stranger: ProcessIdentity {
    ProcessIdentity(host: "elsewhere", boot: "b", namespace: "n", pid: 7, start: 1, user: "ana")
  }

  /// A process of this machine that has ended.
  private var dead: ProcessIdentity {
    let here = ProcessIdentity.current
    // This process's id, in an earlier life.
    return ProcessIdentity(
      host: here.host, boot: here.boot, namespace: here.namespace, pid: here.pid, start: here.start - 1, user: "ana")
  }

  @Test("A lock is next to its output while it is held, and gone afterwards")
  func held() async throws {
    let folder = try TemporaryFolder()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "first")
    #expect(try folder.names == [".m.h5.lock"])
    let record = try #require(LockRecord(folder.read(".m.h5.lock")))
    #expect(record.owner == .current && record.run == "first")
    #expect(lock.isHeld)
    lock.release()
    #expect(!lock.isHeld)
    #expect(try folder.names.isEmpty)
  }

  @Test("The second process is told who holds it, since when, and what to do")
  func second() async throws {
    let folder = try TemporaryFolder()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "first")
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: SleptClock())
    }
    #expect(error.kind == .held && !error.isBadInput)
    let since = try #require(LockRecord(folder.read(".m.h5.lock"))).since
    #expect(
      error.diagnosis.found.contains("“first” (\(ProcessIdentity.current.description), since \(since))"))
    #expect(error.diagnosis.advice.contains("remove \(folder.file(".m.h5.lock"))"))
    lock.release()
    _ = try await OutputLock.take(folder.file("m.h5"), run: "second")
  }

  @Test("It is next to the file that a link leads to, so that two names of one file are one output")
  func link() async throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.h5"), withDestinationPath: other.file("m.h5"))
    let lock = try await OutputLock.take(folder.file("link.h5"), run: "first")
    await #expect(throws: StreamError.self) { _ = try await OutputLock.take(other.file("m.h5"), run: "second") }
    lock.release()
  }

  @Test("For an owner on this machine no clock matters: a dead one's lock is taken over")
  func gone() async throws {
    let folder = try TemporaryFolder()
    try put(LockRecord(run: "first", owner: dead), folder)
    let clock = SleptClock { _ in Issue.record("it waited") }
    let said = Mutex<[String]>([])
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock) { text in
      said.withLock { $0.append(text) }
    }
    #expect(try folder.names == [".m.h5.lock"])
    #expect(said.withLock { $0.count == 1 && $0[0].contains("taking over from “first” (pid") })
    lock.release()
  }

  @Test("An owner elsewhere that renews its lock keeps it, however slow its clock or ours")
  func beating() async throws {
    let folder = try TemporaryFolder()
    var record = LockRecord(run: "first", owner: stranger)
    try put(record, folder)
    record.beat = 1
    let (next, path) = (record.bytes, folder.file(".m.h5.lock"))
    let clock = SleptClock { time in
      if time == OutputLock.interval * (OutputLock.pruningCostRatio - 1) {
        try? Data(next).write(to: URL(fileURLWithPath: path))
      }
    }
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock)
    }
    #expect(error.diagnosis.found.contains("pid 7 of ana on elsewhere"))
    #expect(try folder.read(".m.h5.lock") == next)
  }

  @Test("An owner elsewhere that is silent for long enough loses its lock", arguments: [true, false])
  func still(isWhole: Bool) async throws {
    let folder = try TemporaryFolder()
    let bytes = LockRecord(run: "first", owner: stranger).bytes
    // Without hard links, a run that died while it created the file has left an empty one.
    try folder.write(".m.h5.lock", isWhole ? bytes : [])
    let clock = SleptClock()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock)
    #expect(clock.now.time == OutputLock.interval * OutputLock.pruningCostRatio)
    #expect(try LockRecord(folder.read(".m.h5.lock"))?.run == "second")
    lock.release()
  }

  @Test(
    "A beat raises the count; if another process has taken the lock, that is an error and the lock stays the other's")
  func beat() async throws {
    let folder = try TemporaryFolder()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "first")
    for count in 1...12 {
      try lock.beat()
      #expect(try LockRecord(folder.read(".m.h5.lock"))?.beat == count)
    }
    try FileManager.default.removeItem(atPath: folder.file(".m.h5.lock"))
    try lock.beat()
    #expect(try folder.names == [".m.h5.lock"])
    try put(LockRecord(run: "second", owner: stranger), folder)
    let error = try #require(throws: StreamError.self) { try lock.beat() }
    #expect(error.kind == .held && error.diagnosis.found.contains("“second”"))
    lock.release()
    #expect(try folder.names == [".m.h5.lock"])
  }

  @Test("A link in place of the lock is not followed")
  func noFollow() async throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", text: "x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(".m.h5.lock"), withDestinationPath: folder.file("precious"))
    await #expect(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "first", clock: SleptClock())
    }
    #expect(try folder.read("precious") == Array("x".utf8))
  }

  @Test("Of many at once, one gets it")
  func race() async throws {
    let folder = try TemporaryFolder()
    try put(LockRecord(run: "first", owner: dead), folder)
    let output = folder.file("m.h5")
    let locks = await withTaskGroup(of: OutputLock?.self) { group in
      for run in 0..<16 { group.addTask { try? await OutputLock.take(output, run: "\(run)") } }
      return await group.reduce(into: [OutputLock]()) { if let lock = $1 { $0.append(lock) } }
    }
    #expect(locks.count == 1)
    for lock in locks { lock.release() }
    #expect(try folder.names.isEmpty)
  }
}
