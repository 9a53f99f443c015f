import Foundation
import Support
import Synchronization
import SystemPackage
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
      if time == OutputLock.interval * (OutputLock.silentIntervals - 1) {
        try? Data(next).write(to: URL(fileURLWithPath: path))
      }
    }
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock)
    }
    #expect(error.diagnosis.found.contains("pid 7 of ana on elsewhere"))
    #expect(try folder.read(".m.h5.lock") == next)
  }

  @Test("An owner elsewhere that is silent for long enough loses its lock")
  func still() async throws {
    let folder = try TemporaryFolder()
    try put(LockRecord(run: "first", owner: stranger), folder)
    let clock = SleptClock()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock)
    #expect(clock.now.time == OutputLock.interval * OutputLock.silentIntervals)
    #expect(try LockRecord(folder.read(".m.h5.lock"))?.run == "second")
    lock.release()
  }

  @Test(
    "A file that nobody holds is taken at once: an empty one, part of a record, zeros, and a record whose owner would hold it",
    arguments: ["empty", "part", "zeros", "elsewhere", "here"])
  func abandoned(kind: String) async throws {
    let folder = try TemporaryFolder()
    var record = LockRecord(run: "first", owner: kind == "here" ? .current : stranger)
    record.kernel = true
    let whole = record.bytes
    let bytes = ["empty": [], "part": Array(whole.prefix(70)), "zeros": whole.map { _ in 0 }][kind] ?? whole
    try folder.write(".m.h5.lock", bytes)
    let clock = SleptClock { _ in Issue.record("it waited") }
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: clock)
    let now = try #require(LockRecord(folder.read(".m.h5.lock")))
    #expect(now.run == "second" && now.owner == .current && now.kernel == true)
    lock.release()
    #expect(try folder.names.isEmpty)
  }

  @Test("On a network an empty file is watched, because the kernel's lock may be this machine's alone")
  func emptyOnNetwork() async throws {
    let folder = try TemporaryFolder()
    for kernel in [LockAttempt.Kernel.asOnNetwork, .none] {
      try folder.write(".m.h5.lock", [])
      let clock = SleptClock()
      let lock = try await take(folder, "second", clock, kernel)
      #expect(clock.now.time == OutputLock.interval * OutputLock.silentIntervals)
      lock.release()
      #expect(try folder.names.isEmpty)
    }
  }

  private func take(
    _ folder: TemporaryFolder, _ run: String, _ clock: any Clock<Duration>, _ kernel: LockAttempt.Kernel
  ) async throws -> OutputLock {
    try await Self.take(folder.file("m.h5"), run, clock, kernel)
  }

  private static func take(
    _ output: String, _ run: String, _ clock: any Clock<Duration>, _ kernel: LockAttempt.Kernel
  ) async throws -> OutputLock {
    try await OutputLock.take(OutputFiles(output), output, run: run, clock: clock, kernel: kernel)
  }

  @Test("The holder of the kernel's lock is alive, whatever the file says", arguments: [true, false])
  func kernel(hasRecord: Bool) async throws {
    let folder = try TemporaryFolder()
    try folder.write(".m.h5.lock", hasRecord ? LockRecord(run: "first", owner: dead).bytes : [])
    let file = try FileDescriptor.open(FilePath(named: folder.file(".m.h5.lock")), .readOnly, options: .closeOnExec)
    #expect(flock(file.rawValue, LOCK_EX | LOCK_NB) == 0)
    for kernel in [LockAttempt.Kernel.own, .asOnNetwork] {
      let clock = SleptClock { _ in Issue.record("it waited") }
      let error = try await #require(throws: StreamError.self) { _ = try await take(folder, "second", clock, kernel) }
      #expect(error.kind == .held && error.diagnosis.found.contains(hasRecord ? "“first”" : "another run"))
    }
    try file.close()
    try await OutputLock.take(folder.file("m.h5"), run: "second").release()
    #expect(try folder.names.isEmpty)
  }

  @Test("A live process of release 0.1.0, which holds no kernel's lock, keeps its lock")
  func earlier() async throws {
    let folder = try TemporaryFolder()
    let record = LockRecord(run: "first")
    #expect(record.kernel == nil)
    try put(record, folder)
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "second", clock: SleptClock())
    }
    #expect(error.kind == .held && error.diagnosis.found.contains("“first”"))
    #expect(try folder.read(".m.h5.lock") == record.bytes)
  }

  @Test("What is not a lock is refused and stays", arguments: ["text", "link", "dangling", "pipe", "folder"])
  func foreign(kind: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file(".m.h5.lock")
    switch kind {
    case "text": try folder.write(".m.h5.lock", text: "my notes\n")
    case "link":
      try folder.write("precious", text: "x")
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "precious")
    case "dangling": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    case "pipe": _ = try folder.makePipe(".m.h5.lock")
    default: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    let before = try folder.names
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLock.take(folder.file("m.h5"), run: "first", clock: SleptClock())
    }
    #expect(error.kind == .cannotWrite && error.diagnosis.file == path)
    #expect(error.diagnosis.expected.contains("the lock of \(folder.file("m.h5"))"))
    #expect(error.diagnosis.advice.contains("move it away"))
    #expect(try folder.names == before)
    if kind == "text" { #expect(try folder.read(".m.h5.lock") == Array("my notes\n".utf8)) }
    if kind == "link" { #expect(try folder.read("precious") == Array("x".utf8)) }
  }

  @Test("A program that the owner starts does not hold the lock on after it")
  func inherited() async throws {
    let folder = try TemporaryFolder()
    let lock = try await OutputLock.take(folder.file("m.h5"), run: "first")
    let child = try Tool.spawn(
      "sleep", ["60"], input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child)/fd") {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(child)/fd/\(name)")
      #expect(target != folder.file(".m.h5.lock"))
    }
    lock.release()
    try await OutputLock.take(folder.file("m.h5"), run: "second").release()
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

  private final class Holders: Sendable { let count = Atomic<Int>(0) }

  /// Many tasks that take the lock again and again, each with its own open file, as processes would.
  ///
  /// - Returns: how often one of them got it.
  private func contend(_ folder: TemporaryFolder, _ kernel: LockAttempt.Kernel) async throws -> Int {
    let (output, holders) = (folder.file("m.h5"), Holders())
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for run in 0..<12 {
        group.addTask {
          var taken = 0
          for _ in 0..<25 {
            let lock: OutputLock
            do {
              lock = try await Self.take(output, "\(run)", SleptClock(), kernel)
            } catch let error as StreamError where error.kind == .held {
              continue
            }
            #expect(holders.count.add(1, ordering: .sequentiallyConsistent).newValue == 1)
            Leftovers.remove(of: [lock.files])
            taken += 1
            await Task.yield()
            #expect(lock.isHeld)
            #expect(holders.count.subtract(1, ordering: .sequentiallyConsistent).newValue == 0)
            lock.release()
          }
          return taken
        }
      }
      return try await group.reduce(0, +)
    }
  }

  @Test(
    "Of many at once, one has it at a time, whatever a dead run left and wherever the file is",
    arguments: [LockAttempt.Kernel.own, .asOnNetwork, .none], ["none", "empty", "dead", "silent", "text cut short"])
  func race(kernel: LockAttempt.Kernel, left: String) async throws {
    let folder = try TemporaryFolder()
    switch left {
    case "empty": try folder.write(".m.h5.lock", [])
    case "dead": try put(LockRecord(run: "first", owner: dead), folder)
    case "silent": try put(LockRecord(run: "first", owner: stranger), folder)
    case "text cut short": try folder.write(".m.h5.lock", Array(LockRecord(run: "first").bytes.prefix(30)))
    default: break
    }
    #expect(try await contend(folder, kernel) > 0)
    #expect(try folder.names.isEmpty)
  }

  @Test("Of many observers of a dead owner on a network, one takes over at a time, even if a claim was left behind")
  func claims() async throws {
    let folder = try TemporaryFolder()
    let record = LockRecord(run: "first", owner: stranger)
    try put(record, folder)
    let claim = OutputFiles.temporary(for: ".m.h5.lock", token: OutputFiles.token(for: Array(record.token.utf8)))
    try folder.write(claim, LockRecord(run: "second", owner: dead).bytes)
    #expect(try await contend(folder, .none) > 0)
    #expect(try folder.names.isEmpty)
  }
}
