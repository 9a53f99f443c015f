import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: with few descriptors, threads or inodes a run does its work or says what to raise; it never crashes, hangs,
/// or gives a wrong reason.
@Suite("Few resources")
struct FewResourcesTests {
  private let sample = Places.sample + "/train-00.npy.zst"

  /// A state and its measurements, made once for all limits.
  private static let made = Result {
    let folder = try TemporaryFolder()
    let (state, measures) = (folder.file("m.h5"), folder.file("m.json"))
    let stream = Places.sample + "/train-00.npy.zst"
    #expect(try Tool.collapse("accumulate", stream, "--rows", "0-999", "--output", state).status == 0)
    #expect(try Tool.collapse("measure", state, "--output", measures).status == 0)
    return try folder.names.map { ($0, try folder.read($0)) }
  }

  /// Runs the tool in a shell after a setup command. Ends it if it hangs.
  private func shell(_ first: String, _ arguments: [String]) throws -> Tool.Result {
    let words = ["-s", "KILL", "60", "sh", "-c", first + " && exec \"$0\" \"$@\"", Places.tool]
    return try Tool.run("timeout", words + arguments)
  }

  @Test(
    "Under any limit on open files, every verb does its work or says which limit to raise",
    arguments: [4, 5, 6, 8, 10, 12, 16, 24, 40, 50, 64])
  func descriptors(limit: Int) throws {
    let folder = try TemporaryFolder()
    let (state, measures) = (folder.file("m.h5"), folder.file("m.json"))
    for (name, bytes) in try Self.made.get() { try folder.write(name, bytes) }
    for words in [
      ["accumulate", Places.sample + "/train-*.npy.zst", "--output", folder.file("o.h5")],
      ["measure", state, "--classifier", Places.sample + "/model.safetensors#lm_head.weight"],
      ["inspect", sample], ["count", Places.sample + "/train-*.npy.zst"], ["collect", measures],
      ["report", measures, "--output", folder.file("r.html")],
    ] {
      let result = try shell("ulimit -n \(limit)", words)
      guard result.status != 0 else { continue }
      #expect(limit < 64 && result.status == 1, "\(words[0]) with \(limit): \(result.status) \(result.errors)")
      #expect(result.errors.contains("ulimit -n 1024"), "\(words[0]) with \(limit): \(result.errors)")
      #expect(try Set(folder.names).isSubset(of: ["m.h5", "m.json", "o.h5"]), "\(words[0]) with \(limit)")
    }
  }

  @Test("A low soft limit on open files is raised as far as the hard one allows")
  func softLimit() throws {
    #expect(try shell("ulimit -S -n 16", ["inspect", sample]).status == 0)
  }

  @Test("Too many threads in an option are refused with the range", arguments: ["0", "4097", "4611686018427387904"])
  func threadsOption(count: String) throws {
    let folder = try TemporaryFolder()
    for words in [["accumulate", sample], ["write", sample], ["count", sample]] {
      let result = try Tool.run(Places.tool, words + ["--threads", count, "--output", folder.file("o")])
      #expect(result.status == 64 && result.errors.contains("from 1 to 4096"), "\(result.errors)")
    }
  }

  @Test("As many threads as the option allows make the same bytes")
  func mostThreads() throws {
    let folder = try TemporaryFolder()
    for threads in ["1", "4096"] {
      let words = ["accumulate", sample, "--threads", threads, "--output", folder.file("\(threads).h5")]
      let result = try Tool.run("timeout", ["-s", "KILL", "120", Places.tool] + words)
      // A machine with little memory may refuse the stacks.
      #expect(result.status == 0 || result.errors.contains("memory"), "\(result.errors)")
    }
    if let most = try? folder.read("4096.h5") { #expect(try folder.read("1.h5") == most) }
  }

  /// Runs the tool as a user who may have `limit` processes and threads; nil if this user cannot.
  private func limited(_ limit: Int, _ arguments: [String]) throws -> Tool.Result? {
    let prefix = ["-s", "KILL", "60"]
    guard geteuid() == 0 else { return try shell("ulimit -u \(limit)", arguments) }
    // The system does not limit root.
    let other = ["setpriv", "--reuid=65534", "--clear-groups", "prlimit"]
    guard Tool.exists("setpriv"), Tool.exists("prlimit"),
      try Tool.run("timeout", prefix + other + ["--nproc=1000", Places.tool, "--version"]).status == 0
    else { return nil }
    return try Tool.run("timeout", prefix + other + ["--nproc=\(limit)", Places.tool] + arguments)
  }

  @Test("Without room for threads, the limit to raise is named, and nothing hangs", arguments: 1...8)
  func threads(limit: Int) throws {
    guard let result = try limited(limit, ["inspect", sample]) else { return }
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("ulimit -u 4096"), "\(result.errors)")
  }

  @Test("A disk without inodes is exit 1 with the reason, and nothing is left", arguments: [1, 2, 3])
  func inodes(count: Int) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("disk"), withIntermediateDirectories: true)
    let words = ["--user", "--map-root-user", "--mount", "sh", "-c"]
    let mount = "mount -t tmpfs -o nr_inodes=\(count) none \"$1\""
    guard try Tool.run("unshare", words + [mount, "", folder.file("disk")]).status == 0 else { return }
    let script = mount + "; \"$0\" accumulate \"$2\" --output \"$1/m.h5\"; status=$?; ls -A \"$1\"; exit $status"
    let result = try Tool.run("unshare", words + [script, Places.tool, folder.file("disk"), sample])
    guard result.status != 0 else { return }
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("too few inodes free") && result.errors.contains("remove files"), "\(result.errors)")
    #expect(result.output.isEmpty, "\(result.text)")
  }

  @Test("A folder that may not be read is not taken for one without files")
  func unreadableFolder() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("closed"), withIntermediateDirectories: true)
    chmod(folder.file("closed"), 0)
    defer { chmod(folder.file("closed"), 0o700) }
    guard access(folder.file("closed"), R_OK) != 0 else { return }
    for name in ["closed/*.npy", "closed/a.npy", "closed/*.npy#x"] {
      let result = try Tool.collapse("inspect", folder.file(name))
      #expect(result.status == 65 && result.errors.contains("Permission denied"), "\(result.errors)")
    }
  }
}
