import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: outputs that belong together are never combined with those of another run, and two runs never write one file.
@Suite("Outputs that belong together")
struct OutputSetsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tool(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Places.tool, arguments, folder: folder.path)
  }

  /// The files of two streams with equally many samples and classes.
  private static let files = Result {
    let folder = try TemporaryFolder()
    for (name, factor) in [("a", 3), ("b", 5)] {
      let labels = (0..<4_000).map { Int32($0 % 40) }
      let features = (0..<12_000).map { Float(($0 &* factor) % 101) - Float($0 % 7) }
      try folder.write("\(name).npy", NPY.batch(labels, features, dimension: 3))
      let made = try Tool.run(
        Places.tool,
        [
          "accumulate", "\(name).npy", "--output", "\(name).h5", "--measure-every", "1000", "--timeline", "\(name).csv",
        ],
        folder: folder.path)
      #expect(made.status == 0, "\(made.errors)")
    }
    return try folder.names.map { (name: $0, bytes: try folder.read($0)) }
  }

  private func states() throws {
    for file in try Self.files.get() { try folder.write(file.name, file.bytes) }
  }

  private func measure(_ state: String, _ limit: String = "unlimited") throws -> Tool.Result {
    try Tool.run(
      "bash",
      [
        "-c",
        "ulimit -f \(limit); exec \(Places.tool) measure \(state).h5 --classes c.csv --histograms h.csv --output g.json",
      ], folder: folder.path)
  }

  private func report(_ more: String...) throws -> Tool.Result {
    try Tool.run(
      Places.tool, ["report", "g.json", "--classes", "c.csv", "--histograms", "h.csv", "--output", "r.html"] + more,
      folder: folder.path)
  }

  private func outputs() throws -> [[UInt8]] { try ["g.json", "c.csv", "h.csv"].map(folder.read) }

  @Test("A measure that fails while it writes leaves all of its earlier outputs")
  func fails() throws {
    try states()
    #expect(try measure("a").status == 0)
    let before = try outputs()
    // In KiB: less than the histograms take.
    let failed = try measure("b", "1")
    #expect(failed.status == 1, "\(failed.errors)")
    #expect(try outputs() == before)
    #expect(try folder.names.filter { $0.hasPrefix(".") }.isEmpty)
    #expect(try measure("b").status == 0)
    #expect(try outputs() != before)
  }

  @Test("What a kill between two names leaves is refused by report, and mended by the next measure")
  func killed() throws {
    try states()
    #expect(try measure("a").status == 0)
    let before = try outputs()
    #expect(try measure("b").status == 0)
    let after = try outputs()
    // The measurements get their name last.
    for (name, message) in [("c.csv", "classes_digest"), ("h.csv", "histograms_digest")] {
      for (file, bytes) in zip(["g.json", "c.csv", "h.csv"], before) {
        try folder.write(file, file == name ? after[file == "c.csv" ? 1 : 2] : bytes)
      }
      let refused = try report()
      #expect(refused.status == 65 && refused.errors.contains(message), "\(refused.errors)")
      #expect(try !folder.names.contains("r.html") && !folder.names.contains("r_files"))
    }
    #expect(try measure("b").status == 0)
    #expect(try outputs() == after)
    #expect(try report().status == 0)
  }

  @Test("A measure killed at its first new name never leaves new measurements beside old tables")
  func killedAtOnce() throws {
    try states()
    #expect(try measure("b").status == 0)
    let after = try outputs()
    func number(_ name: String) -> UInt64 {
      var status = stat()
      return lstat(folder.file(name), &status) == 0 ? UInt64(status.st_ino) : 0
    }
    for _ in 0..<4 {
      #expect(try measure("a").status == 0)
      let (before, old) = (try outputs(), number("c.csv"))
      let process = try Tool.spawn(
        "env",
        [
          "-C", folder.path, Places.tool, "measure", "b.h5", "--classes", "c.csv", "--histograms", "h.csv", "--output",
          "g.json",
        ], input: "/dev/null", output: "/dev/null", errors: "/dev/null")
      let start = ContinuousClock.now
      while number("c.csv") == old, .now - start < .seconds(60) { usleep(20) }
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      let now = try outputs()
      #expect(now[1] == after[1])
      #expect(now[0] == before[0] || now == after)
    }
    #expect(try measure("b").status == 0)
    #expect(try outputs() == after)
    #expect(try folder.names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test("A timeline of other samples is refused by report, and so is one whose run has not ended")
  func timeline() throws {
    try states()
    #expect(try measure("a").status == 0)
    let own = try report("--timeline", "a.csv")
    #expect(own.status == 0, "\(own.errors)")
    let other = try report("--timeline", "b.csv")
    #expect(other.status == 65 && other.errors.contains("samples_digest"), "\(other.errors)")
    let text = String(decoding: try folder.read("a.csv"), as: UTF8.self)
    let end = try #require(text.lastIndex(of: ","))
    try folder.write("a.csv", text: text[...end] + "\n")
    let half = try report("--timeline", "a.csv")
    #expect(half.status == 65 && half.errors.contains("its run has not ended"), "\(half.errors)")
  }

  /// Runs `body` while another process holds the kernel's lock on a file, as a run of its own does.
  private func holding(_ file: String, _ body: () throws -> Void) throws {
    let descriptor = open(folder.file(file), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    defer {
      unlink(folder.file(file))
      close(descriptor)
    }
    try body()
  }

  @Test(
    "Two runs with one side output in common exclude each other",
    arguments: ["--classes", "--histograms", "--output", "--status-file"])
  func sideOutputs(option: String) throws {
    try states()
    try holding(".same.csv.lock") {
      let result = try tool("measure", "a.h5", option, "same.csv")
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains("same.csv: expected to be the only run that writes it"), "\(result.errors)")
    }
    let timeline = ["accumulate", "a.npy", "--output", "m.h5", "--measure-every", "1000", "--timeline", "same.csv"]
    try holding(".same.csv.lock") {
      let result = try Tool.run(Places.tool, timeline, folder: folder.path)
      #expect(result.status == 1 && result.errors.contains("same.csv: expected to be the only run"), "\(result.errors)")
    }
    #expect(try folder.names.filter { $0.hasPrefix(".") || $0.hasPrefix("m.") }.isEmpty)
  }

  @Test("Two reports into one folder of figures exclude each other, and the next removes what a killed one left")
  func figures() throws {
    try states()
    #expect(try measure("a").status == 0)
    try FileManager.default.createDirectory(atPath: folder.file("figs"), withIntermediateDirectories: false)
    try holding("figs/..figures.lock") {
      let result = try report("--figures", "figs")
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains("figs: expected to be the only run that writes it"), "\(result.errors)")
      #expect(try !folder.names.contains("r.html"))
    }
    try folder.write("figs/..figures.0123456789abc.partial", text: "x")
    try folder.write("figs/mine.svg", text: "x")
    let result = try report("--figures", "figs")
    #expect(result.status == 0, "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("figs"))
    #expect(names.contains("mine.svg") && names.count > 2 && !names.contains { $0.hasPrefix(".") })
  }

  @Test("An empty lock, which a kill leaves on a disk without hard links, holds nobody")
  func empty() throws {
    try states()
    try folder.write(".m.h5.lock", [])
    let start = ContinuousClock.now
    let result = try tool("accumulate", "a.npy", "--output", "m.h5")
    #expect(result.status == 0 && .now - start < .seconds(180), "\(result.errors)")
    #expect(try !folder.names.contains(".m.h5.lock"))
  }

  @Test(
    "Of many processes at once, some write the output, the others name one that does", arguments: ["", "empty", "dead"])
  func race(left: String) throws {
    try states()
    let whole = try folder.read("a.h5")
    if left == "empty" { try folder.write(".m.h5.lock", []) }
    if left == "dead" {
      let killed = try Tool.spawn(
        Places.tool, ["accumulate", folder.file("a.npy"), "--output", folder.file("m.h5"), "--io-rate", "1KiB"],
        input: "/dev/null", output: "/dev/null", errors: "/dev/null")
      while try !folder.names.contains(".m.h5.lock") { usleep(1_000) }
      kill(killed, SIGKILL)
      waitpid(killed, nil, 0)
      #expect(try folder.names.contains(".m.h5.lock"))
    }
    let processes = try (0..<8).map { number in
      try Tool.spawn(
        Places.tool, ["accumulate", folder.file("a.npy"), "--output", folder.file("m.h5")], input: "/dev/null",
        output: "/dev/null", errors: folder.file("err\(number)"))
    }
    var written = 0
    for (number, process) in processes.enumerated() {
      var status: Int32 = 0
      waitpid(process, &status, 0)
      let errors = String(decoding: try folder.read("err\(number)"), as: UTF8.self)
      #expect([0, 1 << 8].contains(status), "\(errors)")
      if status == 0 { written += 1 } else { #expect(errors.contains("writing it too"), "\(errors)") }
    }
    #expect(written > 0)
    #expect(try folder.read("m.h5") == whole)
    #expect(try folder.names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test("A program that a killed run had started does not hold its lock")
  func inherited() throws {
    try states()
    let text = """
      stages:
        train: { uses: read, command: "cat a.npy; sleep 100" }
        m: { uses: accumulate, from: train, output: m.h5 }
      """
    try folder.write("p.yaml", text: text)
    let process = try Tool.spawn(
      "env", ["-C", folder.path, Places.tool, "run", "p.yaml", "--allow-commands"], input: "/dev/null",
      output: "/dev/null", errors: folder.file("err"))
    let start = ContinuousClock.now
    while try !String(decoding: folder.read("err"), as: UTF8.self).contains("running"), .now - start < .seconds(60) {
      usleep(1_000)
    }
    usleep(200_000)
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
    #expect(try folder.names.contains(".m.h5.lock"))
    let result = try tool("accumulate", "a.npy", "--output", "m.h5")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("A run that has too few descriptors leaves no lock", arguments: 13...24)
  func fewDescriptors(limit: Int) throws {
    try states()
    try folder.write("w.npy", NPY.features("<f4", (0..<120).map { Float($0 * 7 % 31) }, dimension: 3))
    let result = try Tool.run(
      "bash",
      [
        "-c",
        "ulimit -n \(limit); exec \(Places.tool) decide a.npy --moments a.h5 --classifier w.npy --output d.h5",
      ], folder: folder.path)
    #expect([0, 1, 65].contains(result.status), "\(result.errors)")
    #expect(try folder.names.filter { $0.hasPrefix(".") }.isEmpty, "\(result.errors)")
  }
}
