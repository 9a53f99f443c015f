import CProcess
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: a run uses what it was given, makes way when told to, and leaves nothing behind.
@Suite("A guest on the machine")
struct GuestTests {
  private static let process = __priority_which_t(PRIO_PROCESS.rawValue)
  private let sample = Places.sample + "/train-00.npy.zst"

  /// Starts accumulate on a silent pipe, waits until it reads, and calls `body`; then lets the pipe end.
  private func whileRunning(
    _ folder: TemporaryFolder, _ options: [String], _ body: (pid_t) throws -> Void
  ) throws -> Int32 {
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5")] + options, input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    let batch = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    #expect(batch.withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == batch.count)
    for _ in 0..<500 {
      let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
      if names.contains(where: {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")) == pipe
      }) {
        break
      }
      usleep(10_000)
    }
    try body(process)
    close(held)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }

  private func threads(of process: pid_t) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").compactMap { Int32($0) }
  }

  @Test("With --nice and --ionice every thread has lower priority")
  func priorities() throws {
    let folder = try TemporaryFolder()
    let here = getpriority(Self.process, 0)
    let status = try whileRunning(folder, ["--nice", "3", "--ionice", "best-effort:7"]) { process in
      func impatient() throws -> [Int32] {
        try threads(of: process).filter { getpriority(Self.process, id_t($0)) < min(here + 3, 19) }
      }
      for _ in 0..<1000 where try !impatient().isEmpty { usleep(10_000) }
      #expect(try impatient().isEmpty)
      for thread in try threads(of: process) { #expect(collapse_io_priority(thread) == 2 << 13 | 7) }
    }
    #expect(status == 0)
    let idle = try whileRunning(try TemporaryFolder(), ["--ionice", "idle"]) { process in
      for thread in try threads(of: process) { #expect(collapse_io_priority(thread) == 3 << 13) }
    }
    #expect(idle == 0)
  }

  @Test("On one processor, or with one from Slurm, the default is one thread")
  func affinity() throws {
    let folder = try TemporaryFolder()
    func threads(_ words: [String]) throws -> Int {
      let result = try Tool.run(
        "env",
        words + [
          Places.tool, "bench", "--rows", "100", "--dimension", "4", "--repeats", "1", "--format", "json",
          "--scratch", folder.path,
        ])
      #expect(result.status == 0, "\(result.errors)")
      let report = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
      let machine = report?["machine"] as? [String: Any]
      return try #require(machine?["threads"] as? Int, "\(result.text)")
    }
    let first = String(decoding: FileManager.default.contents(atPath: "/proc/self/status") ?? Data(), as: UTF8.self)
      .split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }?
      .split(whereSeparator: { !$0.isNumber }).first.map(String.init)
    #expect(try threads(["taskset", "-c", try #require(first)]) == 1)
    #expect(try threads(["SLURM_CPUS_PER_TASK=1"]) == 1)
  }

  @Test(
    "Under any address-space limit a run either does its work or says what it would need; it never crashes or hangs",
    arguments: [180_000, 250_000, 300_000, 400_000, 500_000, 700_000, 900_000, 1_500_000])
  func addresses(kibibytes: Int) throws {
    let folder = try TemporaryFolder()
    let words = [Places.tool, "accumulate", sample, "--output", folder.file("m.h5"), "--threads", "2"]
    let result = try Tool.run(
      "timeout", ["-s", "KILL", "60", "sh", "-c", "ulimit -v \(kibibytes) && exec \"$0\" \"$@\""] + words)
    if result.status == 0 {
      #expect(try folder.names == ["m.h5"])
    } else {
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains("MiB"), "\(result.errors)")
      #expect(result.errors.contains("  → "), "\(result.errors)")
      #expect(try folder.names.isEmpty)
    }
    #expect(kibibytes < 1_500_000 || result.status == 0, "\(result.errors)")
  }

  @Test("In a Slurm job that is too small, the advice is to ask Slurm for more, unless an option sets the memory")
  func jobMemory() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.collapse("accumulate", sample, "--output", folder.file("m.h5")).status == 0)
    let job = ["SLURM_JOB_ID": "1", "SLURM_MEM_PER_NODE": "20"]
    let inSlurm = "ask Slurm for more: memory under slurm: in the pipeline file, or sbatch --mem"
    for words in [
      ["accumulate", sample, "--output", folder.file("x.h5")],
      ["decide", sample, "--moments", folder.file("m.h5"), "--output", folder.file("x.h5")],
      ["merge", folder.file("m.h5"), folder.file("m.h5"), "--output", folder.file("x.h5")],
    ] {
      for (options, environment, advice) in [
        ([], job, inSlurm), (["--memory", "20MiB"], job, "give --memory more"),
        (["--memory", "20MiB"], [:], "give --memory more"),
      ] as [([String], [String: String], String)] {
        let result = try Tool.run(Places.tool, words + options, environment: environment)
        #expect(result.status == 1 && result.errors.contains("→ \(advice)"), "\(words[0]): \(result.errors)")
      }
    }
  }

  @Test("A rate limit changes no bit, plain and compressed, read and written", arguments: ["200KiB", "1GiB"])
  func rate(limit: String) throws {
    let folder = try TemporaryFolder()
    for (options, name) in [(["--io-rate", limit], "slow.h5"), ([], "fast.h5")] {
      let result = try Tool.run(
        Places.tool, ["accumulate", sample, "--output", folder.file(name), "--threads", "2"] + options)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.read("slow.h5") == folder.read("fast.h5"))
  }

  @Test("Outputs have the permissions that the user's mask leaves, states and tables alike")
  func mask() throws {
    let folder = try TemporaryFolder()
    let script = "umask 027 && \"$0\" accumulate \"$1\" --output \"$2/m.h5\" --measure-every 5000"
    let result = try Tool.run("sh", ["-c", script, Places.tool, sample, folder.path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.names == ["m.h5", "m.timeline.csv"])
    for name in try folder.names {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
      #expect(mode == 0o640, "\(name)")
    }
  }

  @Test("The next bench removes what a killed one left in its scratch folder")
  func killed() throws {
    let (folder, scratch) = (try TemporaryFolder(), try TemporaryFolder())
    let process = try Tool.spawn(
      Places.tool, ["bench", "--rows", "1e7", "--dimension", "32", "--scratch", scratch.path], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    for _ in 0..<500 {
      if let said = try? folder.read("err"), String(decoding: said, as: UTF8.self).contains("writing") { break }
      usleep(20_000)
    }
    kill(process, SIGKILL)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(try scratch.names.count == 1)
    let next = try Tool.collapse(
      "bench", "--rows", "100", "--dimension", "4", "--repeats", "1", "--scratch", scratch.path)
    #expect(next.status == 0, "\(next.errors)")
    #expect(try scratch.names.isEmpty)
  }

  @Test(
    "A second run of an output is refused with the owner's name; after a kill, the next takes over and leaves nothing")
  func locks() throws {
    let folder = try TemporaryFolder()
    let status = try whileRunning(folder, []) { process in
      #expect(try folder.names.contains(".m.h5.lock"))
      let second = try Tool.collapse("accumulate", sample, "--output", folder.file("m.h5"))
      #expect(second.status == 1)
      #expect(
        second.errors.contains(
          "\(folder.file("m.h5")): expected to be the only run that writes it, found “collapse accumulate” (pid \(process) of"
        ), "\(second.errors)")
      #expect(second.errors.contains("→ wait for it to end, or name another output"))
      kill(process, SIGKILL)
    }
    #expect(status == -1)
    #expect(try folder.names.contains(".m.h5.lock"))
    try folder.write(".m.h5.0123456789abc.partial", [1])
    let next = try Tool.collapse("accumulate", sample, "--output", folder.file("m.h5"))
    #expect(next.status == 0)
    #expect(next.errors.contains("taking over from “collapse accumulate” (pid"))
    #expect(try folder.names == ["err", "m.h5", "out", "pipe"])
  }
}
