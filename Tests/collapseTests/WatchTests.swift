import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: the progress of a run, and its result, are visible from here and elsewhere.
@Suite("Status and logs of a run")
struct WatchTests {
  private let quickstart = Places.root.path + "/Pipelines/quickstart.yaml"

  private func run(_ out: String, _ options: String...) throws -> Tool.Result {
    try Tool.run(
      Places.tool,
      ["run", quickstart, "--set", "out=\(out)", "--set", "data=\(Places.sample)"] + options)
  }

  @Test("A finished run leaves its status: what each stage did, and which set the pace")
  func done() throws {
    let folder = try TemporaryFolder()
    let result = try run(folder.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      try folder.names == [
        ".collapse", "classes.csv", "decisions.h5", "geometry.json", "histograms.csv", "moments.h5", "report.html",
        "report_files", "status.json",
      ])
    let status = try Tool.collapse("status", folder.path, "--format", "json")
    let record = try #require(JSONSerialization.jsonObject(with: Data(status.output)) as? [String: Any])
    #expect(record["state"] as? String == "done" && record["pipeline"] as? String == "quickstart")
    let stages = try #require(record["stages"] as? [[String: Any]])
    #expect(
      stages.map { $0["name"] as? String } == ["train", "moments", "validation", "decisions", "geometry", "report"])
    #expect(stages.allSatisfy { $0["state"] as? String == "done" })
    #expect(stages[0]["rows"] as? Int == 20_000 && stages[1]["rows"] as? Int == 20_000)
    #expect(stages[0]["done"] as? Int == stages[0]["goal"] as? Int)
    let table = try Tool.collapse("status", folder.path, "--format", "table").text
    #expect(table.hasPrefix("quickstart: done\n") && table.contains("\ngeometry    done   100 %"))
    #expect(result.errors.contains("train: took ") && result.errors.contains(" set the pace; peak memory "))
    #expect(result.errors.contains("; made \(folder.path)/moments.h5 ("))
  }

  @Test("A failed run names its stage, and keeps the reason in its status; artefacts of earlier stages stay")
  func failed() throws {
    let folder = try TemporaryFolder()
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        name: failing
        parameters: { out: \(folder.path)/out }
        stages:
          train: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments, min-count: 1000000 }
        """)
    let result = try Tool.collapse("run", pipeline)
    #expect(result.status != 0)
    #expect(result.errors.contains("error: geometry (measure) failed after"))
    #expect(try folder.names == ["out", "p.yaml"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(names == [".collapse", "moments.h5", "status.json"])
    let table = try Tool.collapse("status", folder.file("out"), "--format", "table").text
    #expect(
      table.hasPrefix("failing: failed\n") && table.contains("\ngeometry  failed") && table.contains("moments   done"))
    let why = try #require(result.errors.split(separator: "\n").first { $0.hasPrefix("collapse: ") })
    #expect(table.contains(why.dropFirst("collapse: ".count)))
  }

  @Test("The status is readable while a run waits; after a kill it is gone, after a signal interrupted")
  func running() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    for (signal, last) in [(SIGKILL, "gone: its process ended without a report"), (SIGTERM, "interrupted")] {
      let process = try Tool.spawn(
        Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5"), "--status-file", folder.file("s.json")],
        input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
      var text = ""
      for _ in 0..<500 where !text.contains("read        running") {
        usleep(10_000)
        text = try Tool.collapse("status", folder.file("s.json"), "--format", "table").text
        // Left by an earlier run.
        if !text.hasPrefix("collapse accumulate: running\npid \(process) of") { text = "" }
      }
      #expect(text.contains("\nread        running"), "\(text)")
      kill(process, signal)
      var status = Int32(0)
      #expect(waitpid(process, &status, 0) == process)
      let after = try Tool.collapse("status", folder.file("s.json"), "--format", "table").text
      #expect(after.hasPrefix("collapse accumulate: \(last)\n"), "\(after)")
      #expect(after.contains("\nread        \(signal == SIGTERM ? "stopped" : "running")"), "\(after)")
      #expect(!after.contains("Error"), "\(after)")
    }
  }

  @Test("A JSON log has one object per line, to the last word")
  func json() throws {
    let folder = try TemporaryFolder()
    let good = try run(folder.path, "--log-format", "json")
    let bad = try run(folder.file("a\nb\u{7}"), "--log-format", "json", "--from", "geometry")
    #expect(good.status == 0 && bad.status != 0)
    for line in (good.errors + bad.errors).split(separator: "\n") {
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      #expect(object["time"] is String && object["level"] is String && object["message"] is String)
    }
    #expect(good.errors.contains("\"level\": \"info\", \"message\": \"train: 20000 samples"))
    #expect(bad.errors.contains("\"level\": \"critical\""))
  }

  @Test("The log has a line per interval while a run waits, with all progress so far")
  func interval() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5"), "--log-interval", "1"], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    func lines(_ read: String) -> Int {
      let text = String(decoding: (try? folder.read("err")) ?? [], as: UTF8.self)
      return text.split(separator: "\n").filter { $0.contains("read: \(read)") && $0.contains("| memory ") }.count
    }
    for _ in 0..<3000 where lines("0 B") < 2 { usleep(10_000) }
    #expect(lines("0 B") >= 2)
    // A header, and part of its data: far less than a block.
    let some = NPY.integers([Int32](repeating: 1, count: 1000)).prefix(1000)
    #expect(Array(some).withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == 1000)
    for _ in 0..<3000 where lines("1000 B") < 1 { usleep(10_000) }
    #expect(lines("1000 B") >= 1)
    kill(process, SIGTERM)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
  }

  @Test(
    "On a terminal, one line per stage is redrawn, and gone in the end; on a dumb one lines follow as in a log",
    arguments: ["xterm", "dumb"])
  func terminal(name: String) throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    let command = "'\(Places.tool)' accumulate '\(pipe)' --output '\(folder.file("m.h5"))' --log-interval 1"
    let process = try Tool.spawn(
      "script", ["-qefc", command, folder.file("typescript")], input: "/dev/null", output: folder.file("out"),
      errors: folder.file("err"), environment: ["TERM": name])
    func shown() -> String { String(decoding: (try? folder.read("typescript")) ?? [], as: UTF8.self) }
    for _ in 0..<3000 where !shown().contains("memory ") { usleep(10_000) }
    #expect(shown().contains("read: 0 B") && shown().contains("accumulate: 0 rows"))
    let batch = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    #expect(batch.withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == batch.count)
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
      if let number = Int32(name),
        String(decoding: words, as: UTF8.self).hasPrefix("\(Places.tool)\0accumulate\0\(pipe)\0")
      {
        kill(number, SIGTERM)
      }
    }
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(shown().contains("\u{1B}[") == (name == "xterm") && shown().contains("interrupted"))
  }
}
