import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: a pipe or device as output gets the bytes that a file would have, and nothing lies beside it.
@Suite("Pipes and devices as outputs")
struct PipeOutputsTests {
  private static let stream = Places.sample + "/validation.npy.zst"

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let made = try collapse("accumulate \(Self.stream) --within pooled --output m.h5; $T measure m.h5 --output m.json")
    #expect(made.status == 0, "\(made.errors)")
  }

  /// Runs lines of a shell, where `$T` is the program, with a limit that only a wait for ever would reach.
  private func shell(_ text: String) throws -> Tool.Result {
    try Tool.run(
      "timeout", ["-s", "KILL", "60", "bash", "-c", text], folder: folder.path,
      environment: ["T": Places.tool, "TMPDIR": try temporary()])
  }

  private func collapse(_ line: String) throws -> Tool.Result { try shell("$T " + line) }

  /// A folder for temporary files that no other test uses.
  private func temporary() throws -> String {
    let path = folder.file("temporary")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func expectNothingLeft(_ names: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    let left = try folder.names.filter { !["m.h5", "m.json", "temporary"].contains($0) }
    #expect(left == names.sorted(), sourceLocation: sourceLocation)
    let temporary = try FileManager.default.contentsOfDirectory(atPath: temporary())
    #expect(temporary.isEmpty, sourceLocation: sourceLocation)
  }

  /// Verbs with an output OUT, by the ending of its name.
  static let verbs = [
    ("accumulate STREAM --within pooled --output OUT", ".h5"), ("merge m.h5 m.h5 --output OUT", ".h5"),
    ("decide STREAM --moments m.h5 --classifier HEAD --output OUT", ".h5"), ("measure m.h5 --output OUT", ".json"),
    ("measure m.h5 --classes OUT", ".csv"), ("write STREAM --output OUT", ".npy"),
    ("report m.json --figures figures --output OUT", ".html"), ("count STREAM --output OUT", ".csv"),
    ("collect m.json --output OUT", ".csv"),
  ]

  @Test("Standard output, a command's standard input and a FIFO get the bytes of the file", arguments: verbs)
  func same(verb: String, ending: String) throws {
    let line = verb.replacing("STREAM", with: Self.stream)
      .replacing("HEAD", with: Places.sample + "/model.safetensors#lm_head.weight")
    func to(_ output: String) -> String { "$T " + line.replacing("OUT", with: output) + " 2>>log" }
    let result = try shell(
      """
      set -e
      \(to("file" + ending)) >/dev/null
      mkfifo fifo
      cat fifo > one & \(to("fifo")) >/dev/null; wait $!
      { \(to(">(cat > two)")); } >/dev/null; while ! cmp -s two file*; do sleep 0.05; done
      \(to("/dev/null")) >/dev/null
      cmp one file*; rm one two fifo file* log; rm -rf figures
      """)
    #expect(result.status == 0 && result.text.isEmpty, "\(result.text) \(result.errors)")
    try expectNothingLeft()
    // Standard output gets nothing else, where the verb has no other output.
    guard ending == ".h5" else { return }
    let piped = try shell("\(to("/dev/stdout")) | cmp - <(\(to("file" + ending)); cat file*)")
    #expect(piped.status == 0, "\(piped.text) \(piped.errors)")
  }

  @Test("Outputs of one run may go to several pipes, whose readers take them in any order, and to files")
  func sets() throws {
    let result = try shell(
      """
      set -e; $T measure m.h5 --output a.json --classes a.csv --histograms a.h 2>/dev/null >/dev/null
      mkfifo one two; { cat two > b.csv; cat one > b.json; } &
      $T measure m.h5 --output one --classes two --histograms b.h 2>/dev/null >/dev/null; wait $!
      cmp a.json b.json; cmp a.csv b.csv; cmp a.h b.h; rm a.* b.* one two
      $T measure m.h5 --output /dev/null --classes /dev/null 2>/dev/null >/dev/null
      """)
    #expect(result.status == 0, "\(result.text) \(result.errors)")
    try expectNothingLeft()
    let twice = try shell("mkfifo one; $T measure m.h5 --output one --classes one")
    #expect(twice.status == 64 && twice.errors.contains("would write one twice"), "\(twice.errors)")
  }

  @Test("A reader that goes away is an error, and no file of the set is made")
  func brokenPipe() throws {
    // More than a pipe holds.
    let left = try collapse("accumulate \(Self.stream) --output >(exit) --measure-every 1000 --timeline t.csv")
    #expect(left.status == 1, "\(left.errors)")
    #expect(left.errors.contains("a reader that takes all bytes, found none after"), "\(left.errors)")
    let early = try collapse("accumulate \(Self.stream) --output >(head -c 70000 >/dev/null)")
    #expect(early.status == 1 && early.errors.contains("keep the reader of this pipe open"), "\(early.errors)")
    let full = try collapse("measure m.h5 --output /dev/full")
    #expect(full.status == 1 && full.errors.contains("write to this pipe or device"), "\(full.errors)")
    // The rows that were written during the run lack the digest that comes with the state.
    #expect(try String(decoding: folder.read("t.csv"), as: UTF8.self).hasSuffix(",\n"))
  }

  @Test("A FIFO without a reader is waited for, with a message; a signal ends the wait, and nothing is left")
  func noReader() throws {
    let pipe = try folder.makePipe("fifo")
    let start = ContinuousClock.now
    let result = try shell(
      """
      $T accumulate \(Self.stream) --output \(pipe) --log-interval 1 2>log & p=$!
      while ! grep -q 'no reader took bytes' log; do sleep 0.05; done
      kill $p; SECONDS=0; wait $p; echo "$? $((SECONDS < 5))"; cat log >&2; rm log
      """)
    #expect(result.text == "75 1\n", "\(result.errors)")
    #expect(result.errors.contains("no reader took bytes from \(pipe) for"), "\(result.errors)")
    #expect(.now - start < .seconds(60))
    try expectNothingLeft("fifo")
  }

  @Test("A reader that takes nothing is waited for too, and the wait ends with a signal")
  func silentReader() throws {
    let result = try shell(
      """
      mkfifo fifo; exec 3<>fifo
      $T accumulate \(Self.stream) --output fifo --log-interval 1 2>log & p=$!
      while ! grep -q 'no reader took bytes' log; do sleep 0.05; done
      kill $p; SECONDS=0; wait $p; echo "$? $((SECONDS < 5))"; grep -c 'after 65536 bytes' log; rm log fifo
      """)
    #expect(result.text.hasPrefix("75 1\n") && !result.text.hasSuffix("\n0\n"), "\(result.text)")
    try expectNothingLeft()
  }

  @Test("Folders, sockets and an input that is the output are refused by name")
  func refused() throws {
    _ = try folder.makeSocket("socket")
    for (place, found) in [("socket", "a socket"), (".", "a directory")] {
      let result = try collapse("accumulate \(Self.stream) --output \(place)")
      #expect(result.status == 1 && result.errors.contains(found), "\(result.errors)")
    }
    let own = try shell("mkfifo fifo; ln fifo other; cat \(Self.stream) > fifo & $T accumulate fifo --output other")
    #expect(own.status == 64 && own.errors.contains("would write other"), "\(own.errors)")
    for (line, found) in [
      ("accumulate \(Self.stream) --measure-every 1000 --output fifo", "fifo.timeline.csv"),
      ("accumulate \(Self.stream) --parts 2 --output fifo", "fifo.part-1"),
      ("report m.json --output fifo", "--figures"),
    ] {
      let result = try collapse(line)
      #expect(result.status == 64 && result.errors.contains(found), "\(result.errors)")
    }
    #expect(try folder.names.count(where: { $0.hasPrefix(".") }) == 0)
  }

  @Test("In a pipeline, what a stage writes to a pipe is made again each time, and no other stage can read it")
  func pipelines() throws {
    let stages = """
      stages:
        v: { uses: read, files: "\(Self.stream)" }
        m: { uses: accumulate, from: v, output: out/fifo }
        k: { uses: accumulate, from: v, output: out/k.h5 }
      """
    try folder.write("p.yaml", text: "parameters: { out: out }\n\(stages)\n")
    let runs = try shell(
      """
      set -e; mkdir out; mkfifo out/fifo; $T accumulate \(Self.stream) --output x.h5 2>/dev/null
      for i in 1 2; do cat out/fifo > y.h5 & $T run p.yaml 2>log$i; wait $!; cmp x.h5 y.h5; cmp x.h5 out/k.h5; done
      grep -q 'm: will be made: it is not saved to a file' log2; grep -q 'k: up to date' log2
      ls -A out out/.collapse; rm -r out *.h5 log*
      """)
    #expect(runs.text == "out:\n.collapse\nfifo\nk.h5\nstatus.json\n\nout/.collapse:\nk.h5.json\n", "\(runs.text)")
    #expect(runs.status == 0, "\(runs.errors)")
    try folder.write("q.yaml", text: "\(stages)\n  g: { uses: measure, moments: m }\n")
    let checked = try shell("mkdir out; mkfifo out/fifo; $T validate q.yaml")
    #expect(checked.status == 65, "\(checked.errors)")
    #expect(
      checked.errors.contains("q.yaml:3:43: “m” writes out/fifo, a pipe or device, which “g” cannot read again"),
      "\(checked.errors)")
  }

  @Test("A report does not read histograms that its measure stage writes to a pipe")
  func sideFiles() throws {
    try folder.write(
      "q.yaml",
      text: """
        stages:
          g: { uses: measure, moments: m.h5, output: g.json, histograms: /dev/null }
          r: { uses: report, measures: g, output: r.html }
        """)
    let checked = try collapse("validate q.yaml")
    #expect(checked.status == 65 && checked.errors.contains("“g” writes /dev/null"), "\(checked.errors)")
  }
}
