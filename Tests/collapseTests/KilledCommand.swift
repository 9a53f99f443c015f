import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A command whose runs are killed. It runs in a folder where it writes, with `TMPDIR` in another.
struct KilledCommand {
  /// Its words, with every output relative to the folder it runs in.
  let arguments: [String]
  private let folder: TemporaryFolder
  private let scratch: TemporaryFolder
  private let said: TemporaryFolder

  init(_ arguments: [String]) throws {
    self.arguments = arguments
    (folder, scratch, said) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
  }

  /// When a run is killed.
  enum Moment {
    case after(Duration)
    /// A little after the folder gets a new entry whose name has this ending.
    case onceThereIs(String, andThen: Duration)
  }

  /// How a run ended.
  enum End: Equatable {
    case killed
    case exited(Int32)
  }

  /// Runs it to its end; the time it takes.
  func run() throws -> Duration {
    let start = ContinuousClock.now
    #expect(try end(of: try begin(), nil) == .exited(0), "\(words)")
    return .now - start
  }

  func run(killed moment: Moment) throws -> End {
    let before = Set(try entries)
    return try end(of: try begin(), moment, before)
  }

  private func begin() throws -> pid_t {
    try Tool.spawn(
      "env", ["-C", folder.path, Places.tool] + arguments, input: "/dev/null", output: said.file("output"),
      errors: said.file("errors"), environment: ["TMPDIR": scratch.path])
  }

  private func end(of process: pid_t, _ moment: Moment?, _ before: Set<String> = []) throws -> End {
    var status: Int32 = 0
    switch moment {
    case nil: break
    case .after(let wait): usleep(Self.microseconds(wait))
    case .onceThereIs(let ending, let wait):
      // A folder may vanish while it is listed.
      while (try? entries)?.contains(where: { $0.hasSuffix(ending) && !before.contains($0) }) != true {
        if waitpid(process, &status, WNOHANG) != 0 { return Self.end(status) }
        usleep(100)
      }
      usleep(Self.microseconds(wait))
    }
    if moment != nil { kill(process, SIGKILL) }
    waitpid(process, &status, 0)
    return Self.end(status)
  }

  private static func end(_ status: Int32) -> End {
    status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed
  }

  private static func microseconds(_ time: Duration) -> UInt32 { UInt32(clamping: Int(time / .microseconds(1))) }

  /// All files and folders below the folder it runs in, hidden ones too, as `find` gives them.
  var entries: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
  }

  /// What runs left in `TMPDIR`.
  var leftInScratch: [String] { get throws { try scratch.names } }

  /// What the last run said.
  var words: String { (try? said.read("errors")).map { String(decoding: $0, as: UTF8.self) } ?? "" }

  /// The outputs by name: files other than records and status files, which contain times.
  var outputs: [String: [UInt8]] {
    get throws {
      var outputs: [String: [UInt8]] = [:]
      for name in try entries where !name.contains(".collapse/") && !name.hasSuffix("status.json") {
        if let bytes = try? folder.read(name) { outputs[name] = bytes }
      }
      return outputs
    }
  }

  /// Removes everything that it wrote.
  func clear() throws {
    for name in try folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
  }
}
