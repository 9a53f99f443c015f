import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: of runs that start at once on one output, or on outputs that share a file, each either writes all of its
/// outputs or is refused, whatever lock is there. No bytes are wrong, nothing of a live run is removed, nothing is left.
@Suite("Lock races")
struct LockRacesTests {
  /// Races in all; `COLLAPSE_RACES` replaces the default, which takes little time.
  private static let races = ProcessInfo.processInfo.environment["COLLAPSE_RACES"].flatMap { Int($0) } ?? 10
  /// Longer than a run that waits for no other takes, on a machine with much else to do.
  private static let longest = Duration.seconds(20)

  /// What is there when the runs start.
  enum Lock: String, CaseIterable {
    case none
    /// The lock of a process that was killed.
    case stale
    /// What a kill between creating a lock and writing it leaves.
    case empty
    /// The lock of a run that waits for its input until the others have ended.
    case live
    /// The same, but the run is killed while the others start.
    case dying
  }

  /// Runs that start at once, and the output whose lock is there before.
  enum Contest: String, CaseIterable {
    /// One output.
    case same
    /// Two outputs with one table of classes.
    case sharedClasses
    /// Two outputs of which one has the other's name and more, `o.npy` and `o.npy.zst`.
    case similarNames

    var lock: String {
      switch self {
      case .same: ".m.h5.lock"
      case .sharedClasses: ".c.csv.lock"
      case .similarNames: ".o.npy.lock"
      }
    }
  }

  private let sample = Places.sample + "/train-00.npy.zst"
  private let folder: TemporaryFolder
  private let state: String
  private let stale: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    state = folder.file("state.h5")
    #expect(try Tool.collapse("accumulate", sample, "--rows", "0-999", "--output", state).status == 0)
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    let run = try Self.start(["accumulate", pipe, "--output", folder.file("m.h5")], in: folder)
    while !FileManager.default.fileExists(atPath: folder.file(".m.h5.lock")) { usleep(1_000) }
    kill(run, SIGKILL)
    waitpid(run, nil, 0)
    stale = try folder.read(".m.h5.lock")
  }

  private static func start(_ arguments: [String], in place: TemporaryFolder, said: String = "said") throws -> pid_t {
    try Tool.spawn(
      "env", ["-C", place.path, Places.tool] + arguments, input: "/dev/null", output: "/dev/null",
      errors: place.file(said))
  }

  private func commands(_ contest: Contest) -> [[String]] {
    switch contest {
    case .same: Array(repeating: ["accumulate", sample, "--output", "m.h5"], count: 4)
    case .sharedClasses:
      ["a", "b", "a", "b"].map { ["measure", state, "--classes", "c.csv", "--output", "\($0).json"] }
    case .similarNames:
      ["o.npy", "o.npy.zst", "o.npy", "o.npy.zst"].map { ["write", sample, "--output", $0] }
    }
  }

  /// A run that holds the lock until its pipe ends; it writes the same bytes as the others.
  private func holder(_ contest: Contest, pipe: String) -> [String] {
    switch contest {
    case .same: ["accumulate", pipe, "--output", "m.h5"]
    // Reading the state waits for nothing, so a stream holds the name of the table.
    case .sharedClasses: ["count", pipe, "--output", "c.csv"]
    case .similarNames: ["write", pipe, "--output", "o.npy"]
    }
  }

  /// The outputs of runs one after another.
  private func expected(_ contest: Contest) throws -> [String: [UInt8]] {
    let place = try TemporaryFolder()
    for arguments in Set(commands(contest)) {
      #expect(try Tool.run(Places.tool, arguments, folder: place.path).status == 0)
    }
    return try Self.outputs(in: place)
  }

  private static func outputs(in place: TemporaryFolder) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: place.names.map { ($0, try place.read($0)) })
  }

  /// One race.
  private func race(_ contest: Contest, _ lock: Lock, _ expected: [String: [UInt8]], _ random: inout SeededGenerator)
    throws
  {
    let (place, said) = (try TemporaryFolder(), try TemporaryFolder())
    let stream = try said.makePipe("stream")
    var (live, held): (pid_t?, Int32?) = (nil, nil)
    switch lock {
    case .none: break
    case .stale: try place.write(contest.lock, stale)
    case .empty: try place.write(contest.lock, [])
    case .live, .dying:
      held = open(stream, O_RDWR | O_CLOEXEC)
      live = try Tool.spawn(
        "env", ["-C", place.path, Places.tool] + holder(contest, pipe: stream), input: "/dev/null",
        output: "/dev/null", errors: said.file("holder"))
      while !FileManager.default.fileExists(atPath: place.file(contest.lock)) { usleep(500) }
    }
    let start = ContinuousClock.now
    var runs: [(pid: pid_t, arguments: [String], errors: String)] = []
    for (number, arguments) in commands(contest).enumerated() {
      let pid = try Tool.spawn(
        "env", ["-C", place.path, Places.tool] + arguments, input: "/dev/null", output: "/dev/null",
        errors: said.file("errors\(number)"))
      runs.append((pid, arguments, "errors\(number)"))
      usleep(UInt32.random(in: 0...8_000, using: &random))
      if lock == .dying, number == 1, let live { kill(live, SIGKILL) }
    }
    var won: Set<String> = []
    let what = "\(contest), lock \(lock)"
    for run in runs {
      let status = try Self.end(of: run.pid, start)
      let errors = String(decoding: try said.read(run.errors), as: UTF8.self)
      if status == 0 {
        won.insert(run.arguments[run.arguments.count - 1])
      } else {
        #expect(status == 1, "\(what): \(run.arguments) \(errors)")
        #expect(errors.contains("expected to be the only run that writes it"), "\(what): \(errors)")
      }
    }
    if lock == .live {
      // None of them took the name that the live run holds. It ends as if it had been alone.
      let names = try place.names
      #expect(names.contains(contest.lock), "\(what): \(names)")
      if contest != .similarNames { #expect(won.isEmpty, "\(what): \(won)") }
      #expect(!won.contains("o.npy"), "\(what)")
    }
    if let live, let held {
      if lock == .live {
        let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: sample)).readToEnd() ?? Data()
        try Self.send(Array(bytes), into: held, of: stream)
      }
      close(held)
      let status = try Self.end(of: live, .now)
      let words = String(decoding: try said.read("holder"), as: UTF8.self)
      #expect(status == (lock == .live ? 0 : nil), "\(what): \(words)")
    } else if lock != .dying {
      #expect(!won.isEmpty, "\(what): no run won")
    }
    // One more run of each finds nothing in its way, and leaves only outputs.
    for arguments in Set(commands(contest)) {
      let result = try Tool.run(Places.tool, arguments, folder: place.path, limit: Self.longest)
      #expect(result.status == 0, "\(what): \(result.errors)")
    }
    let outputs = try Self.outputs(in: place)
    #expect(outputs.keys.sorted() == expected.keys.sorted(), "\(what)")
    #expect(outputs == expected, "\(what)")
  }

  /// Writes into a pipe until its reader has taken everything.
  private static func send(_ bytes: [UInt8], into descriptor: Int32, of pipe: String) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      try #require(count > 0)
      done += count
    }
  }

  /// The status of a process; nil if a signal ended it. It is ended if it takes too long.
  private static func end(of process: pid_t, _ start: ContinuousClock.Instant) throws -> Int32? {
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if .now - start > longest {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        Issue.record("a run still waited after \(longest)")
        return nil
      }
      usleep(1_000)
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  @Test("Runs that start at once write whole outputs or are refused, and leave nothing", arguments: Contest.allCases)
  func races(contest: Contest) throws {
    let expected = try expected(contest)
    var random = SeededGenerator(Self.races)
    let count = (Self.races + Contest.allCases.count - 1) / Contest.allCases.count
    for number in 0..<count {
      // Each of the contests begins with another lock.
      let place = number + (Contest.allCases.firstIndex(of: contest) ?? 0)
      try race(contest, Lock.allCases[place % Lock.allCases.count], expected, &random)
    }
    if Self.races > 50 { print("\(contest): \(count) races") }
  }
}
