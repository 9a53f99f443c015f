import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: whatever fails around a run, the error is clear, and nothing is left half-written or locked.
@Suite("Failure")
struct ExitStatusTests {
  private let sample = Places.sample + "/train-00.npy.zst"

  /// Runs the tool in a shell after a setup command.
  private func shell(_ first: String, _ arguments: String...) throws -> Tool.Result {
    try Tool.run("sh", ["-c", first + " && exec \"$0\" \"$@\"", Places.tool] + arguments)
  }

  @Test("A file beyond the size limit is exit 1, with advice, and nothing is left")
  func fileSize() throws {
    let folder = try TemporaryFolder()
    // 64 blocks of 512 bytes; the state has 670 kB.
    let result = try shell("ulimit -f 64", "accumulate", sample, "--output", folder.file("m.h5"))
    #expect(result.status == 1)
    #expect(result.errors.contains("\(folder.file("m.h5")): expected room to write this file, found File too large ("))
    #expect(result.errors.contains(" free)\n  → raise the limit on file sizes (ulimit -f)"))
    #expect(result.errors.contains("accumulate (accumulate) failed after"))
    #expect(try folder.names.isEmpty)
  }

  /// Runs a script in which `$1` may be mounted on, `$0` is the tool and `$2` the sample; nil if mounting is not
  /// allowed.
  private func mounting(_ folder: TemporaryFolder, _ script: String) throws -> Tool.Result? {
    try FileManager.default.createDirectory(atPath: folder.file("disk"), withIntermediateDirectories: true)
    let words = ["--user", "--map-root-user", "--mount", "sh", "-c"]
    let mount = "mount -t tmpfs none \"$1\""
    guard try Tool.run("unshare", words + [mount, "", folder.file("disk")]).status == 0 else { return nil }
    return try Tool.run("unshare", words + [script, Places.tool, folder.file("disk"), sample])
  }

  @Test("A disk without room for the state is exit 1 before any of it is written, with the sizes needed and free")
  func littleRoom() throws {
    let folder = try TemporaryFolder()
    let script = """
      mount -t tmpfs -o size=256k none "$1"
      "$0" accumulate "$2" --output "$1/m.h5"
      status=$?; ls -A "$1"; exit $status
      """
    guard let result = try mounting(folder, script) else { return }
    #expect(result.status == 1, "\(result.errors)")
    // 1283 classes of 64 doubles and 20 bytes.
    #expect(
      result.errors.contains("disk/m.h5: expected room for \(1283 * (64 * 8 + 20)) bytes, found 258048 bytes free"))
    #expect(result.errors.contains("→ make room, or write elsewhere"))
    #expect(result.output.isEmpty)
  }

  @Test("A disk that fills up during writing is exit 1, with advice, and nothing is left")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.collapse("accumulate", sample, "--output", folder.file("m.h5")).status == 0)
    // A page for the lock file, and none for the measurements.
    let script = """
      mount -t tmpfs -o size=4k none "$1"
      "$0" measure "$1/../m.h5" --output "$1/m.json"
      status=$?; ls -A "$1"; exit $status
      """
    guard let result = try mounting(folder, script) else { return }
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains(/disk\/m.json: expected room for \d+ bytes/), "\(result.errors)")
    #expect(result.errors.contains("found No space left on device (0 bytes free)\n  → make room, or write elsewhere"))
    #expect(result.output.isEmpty)
  }

  @Test("A state that may not fit next to its checkpoint is reported before reading, if the vocabulary is given")
  func mayNotFit() throws {
    let folder = try TemporaryFolder()
    let script = """
      mount -t tmpfs -o size=3m none "$1"
      exec "$0" accumulate "$2" --vocabulary 4096 --output "$1/m.h5"
      """
    guard let result = try mounting(folder, script) else { return }
    #expect(result.status == 0, "\(result.errors)")
    let warning = try #require(result.errors.split(separator: "\n").first { $0.contains("warning: ") })
    #expect(warning.contains("warning: accumulate: a state of all 4096 classes takes"), "\(warning)")
    #expect(warning.contains("and its checkpoint the same again") && warning.contains("has room for"), "\(warning)")
  }

  @Test("On a full disk, the previous checkpoint makes room; the last one can be moved elsewhere")
  func fullOfCheckpoints() throws {
    let folder = try TemporaryFolder()
    // A state of 1 MB, and checkpoints of the same size.
    let (rows, dimension) = (32_768, 64)
    let tile: [UInt8] = (0..<2003).flatMap { [UInt8($0 % 251), 0x3C] }
    var features: [UInt8] = []
    while features.count < rows * dimension * 2 { features += tile }
    features.removeLast(features.count - rows * dimension * 2)
    let batch = NPY.labels((0..<rows).map { Int32($0 % 2000) }) + NPY.array("<f2", [rows, dimension], features)
    try folder.write("batch.npy", batch)
    let command = "for i in 1 2 3 4; do cat '\(folder.file("batch.npy"))'; sleep 0.4; done"
    let whole = try Tool.collapse("accumulate", "--command", command, "--output", folder.file("whole.h5"))
    #expect(whole.status == 0, "\(whole.errors)")
    let run = "\"$0\" accumulate --checkpoint 0.1s --command \"\(command)\" --output"
    let script = { (size: String, then: String) in
      """
      mount -t tmpfs -o size=\(size) none "$1"
      \(run) "$1/m.h5"; status=$?
      \(then)
      ls -A "$1" >&2
      exit $status
      """
    }
    guard let fits = try mounting(folder, script("2700k", "cp \"$1/m.h5\" \"$1/../fits.h5\"")) else { return }
    #expect(fits.status == 0 && fits.errors.contains("removing the checkpoint before the last"), "\(fits.errors)")
    #expect(try folder.read("fits.h5") == folder.read("whole.h5"))
    let moved = try mounting(
      folder, script("1900k", "mv \"$1/.m.h5.checkpoint\" \"$1/..\"; \(run) \"$1/../m.h5\""))
    let errors = try #require(moved).errors
    #expect(moved?.status == 1 && errors.contains("free some space and run again to resume from"), "\(errors)")
    #expect(errors.contains("resuming from a checkpoint after"), "\(errors)")
    #expect(try folder.read("m.h5") == folder.read("whole.h5"))
    #expect(try !folder.names.contains(".m.h5.checkpoint"))
  }

  @Test("An output folder that cannot be written is exit 1, before anything is read")
  func readOnly() throws {
    let folder = try TemporaryFolder()
    let script = """
      mount -t tmpfs none "$1" && mount -o remount,ro "$1"
      exec "$0" accumulate "$2" --output "$1/m.h5"
      """
    guard let result = try mounting(folder, script) else { return }
    #expect(result.status == 1)
    #expect(result.errors.contains("disk/m.h5: expected to write this file, found Read-only file system"))
    #expect(!result.errors.contains("samples"))
  }

  // MARK: Corrected commands

  @Test(
    "A failed run leaves no checkpoint, and the corrected command runs",
    arguments: [
      ["other.npy"], ["--rows", "0-9999999"], ["--command", "cat a.npy other.npy"],
      ["--command", "cat a.npy; head -c 1000 a.npy; exit 3"],
    ])
  func corrected(mistake: [String]) throws {
    let folder = try TemporaryFolder()
    // Two blocks; the first is folded when the mistake comes.
    let labels = (0..<40_000).map { Int32($0 % 7) }
    try folder.write("a.npy", NPY.batch(labels, labels.map { Float($0) }, dimension: 1))
    try folder.write("other.npy", NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2))
    func accumulate(_ arguments: [String]) throws -> Tool.Result {
      try Tool.run(Places.tool, ["accumulate", "-o", "m.h5"] + arguments, folder: folder.path)
    }
    let failed = try accumulate((mistake.first == "--command" ? [] : ["a.npy"]) + mistake)
    #expect([1, 65].contains(failed.status), "\(failed.errors)")
    #expect(try folder.names == ["a.npy", "other.npy"])
    let corrected = try accumulate(["a.npy"])
    #expect(corrected.status == 0, "\(corrected.errors)")
  }

  // MARK: Inputs that change

  /// Runs accumulate on a batch and then a silent pipe; does something to the file before it lets the pipe end.
  private func accumulate(_ folder: TemporaryFolder, _ file: String, meanwhile: (String) throws -> Void) throws -> (
    status: Int32, errors: String
  ) {
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    let process = try Tool.spawn(
      Places.tool, ["accumulate", file, pipe, "--output", folder.file("m.h5"), "--threads", "2"], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    let batch = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    #expect(batch.withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == batch.count)
    for _ in 0..<500 where !isWaiting(process, on: pipe) { usleep(10_000) }
    try meanwhile(file)
    close(held)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    return ((status >> 8) & 0xFF, String(decoding: try folder.read("err"), as: UTF8.self))
  }

  /// Whether a process has opened the pipe, and so has finished the file before it.
  private func isWaiting(_ process: pid_t, on pipe: String) -> Bool {
    let folder = "/proc/\(process)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0)) == pipe }
  }

  private func batches(_ folder: TemporaryFolder) throws -> String {
    try folder.write("a.npy", (0..<100).flatMap { NPY.batch([$0, 3], [1, 2, 3, 4], dimension: 2) })
  }

  @Test("An input that shrinks or changes during reading is exit 65, and no state is written")
  func changing() throws {
    let changes: [(String) throws -> Void] = [
      { path in #expect(truncate(path, 100) == 0) },
      { path in
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        file.write(Data([0x93, 0, 0]))
        try file.close()
      },
    ]
    for change in changes {
      let folder = try TemporaryFolder()
      let (status, errors) = try accumulate(folder, try batches(folder), meanwhile: change)
      #expect(status == 65)
      #expect(errors.contains("a.npy: expected the file to stay unchanged while it is read"))
      #expect(try folder.names == ["a.npy", "err", "out", "pipe"])
    }
  }

  @Test("An input changed with its time put back during reading is exit 65; one whose mode changed is read on")
  func hidden() throws {
    let folder = try TemporaryFolder()
    let labels = (0..<60_000).map { Int32($0 % 7) }
    let stream = NPY.batch(labels, (0..<480_000).map { Float($0 % 1000) }, dimension: 8)
    func accumulate(_ output: String, meanwhile: (String) throws -> Void) throws -> (status: Int32, errors: String) {
      let path = try folder.write("a.npy", stream)
      let process = try Tool.spawn(
        Places.tool, ["accumulate", path, "--output", folder.file(output), "--io-rate", "1MiB", "--threads", "1"],
        input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
      for _ in 0..<500 where !isWaiting(process, on: path) { usleep(10_000) }
      try meanwhile(path)
      var status = Int32(0)
      #expect(waitpid(process, &status, 0) == process)
      return ((status >> 8) & 0xFF, String(decoding: try folder.read("err"), as: UTF8.self))
    }
    let changed = try accumulate("changed.h5") { path in
      var status = stat()
      #expect(stat(path, &status) == 0)
      // By then the labels have been read.
      usleep(700_000)
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try file.seek(toOffset: 128 + 400)
      try file.write(contentsOf: [6])
      try file.close()
      #expect(utimensat(AT_FDCWD, path, [status.st_atim, status.st_mtim], 0) == 0)
    }
    #expect(changed.status == 65, "\(changed.errors)")
    #expect(changed.errors.contains("it was written to, and its modification time was put back"))
    #expect(try folder.names == ["a.npy", "err", "out"])
    let touched = try accumulate("touched.h5") { #expect(chmod($0, 0o600) == 0) }
    #expect(touched.status == 0, "\(touched.errors)")
    #expect(
      try Tool.run(Places.tool, ["accumulate", folder.file("a.npy"), "--output", folder.file("m.h5")]).status == 0)
    #expect(try folder.read("touched.h5") == folder.read("m.h5"))
  }

  @Test("An input whose name is removed during reading is read to its end")
  func removed() throws {
    let folder = try TemporaryFolder()
    let (status, errors) = try accumulate(folder, try batches(folder)) { #expect(unlink($0) == 0) }
    #expect(status == 0, "\(errors)")
    #expect(try folder.names == ["err", "m.h5", "out", "pipe"])
  }

  @Test("An input that is removed before its turn is exit 65, and no state is written")
  func removedBefore() throws {
    let folder = try TemporaryFolder()
    let (first, pipe, last) = (
      try batches(folder), try folder.makePipe("pipe"), try folder.write("b.npy", NPY.batch([1], [1, 2], dimension: 2))
    )
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    let process = try Tool.spawn(
      Places.tool, ["accumulate", first, pipe, last, "--output", folder.file("m.h5")], input: "/dev/null",
      output: folder.file("out"), errors: folder.file("err"))
    let batch = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    #expect(batch.withUnsafeBytes { write(held, $0.baseAddress, $0.count) } == batch.count)
    for _ in 0..<500 where !isWaiting(process, on: pipe) { usleep(10_000) }
    #expect(unlink(last) == 0)
    close(held)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect((status >> 8) & 0xFF == 65)
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    #expect(errors.contains("b.npy: expected a file, found no such file"))
    #expect(errors.contains("read (read) failed after"))
    #expect(try folder.names == ["a.npy", "err", "out", "pipe"])
  }

  // MARK: A server that forgets

  /// Runs accumulate with stale reads of the file.
  private func stale(_ folder: TemporaryFolder, _ file: String, count: Int, threads: Int) throws -> Tool.Result {
    let shim = folder.file("stale.so")
    let source = Places.root.appendingPathComponent("Tests/collapseTests/Fixtures/stale.c").path
    let made = try Tool.run("clang", ["-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"])
    try #require(made.status == 0, "\(made.errors)")
    return try Tool.run(
      "env",
      [
        "LD_PRELOAD=\(shim)", "STALE_FILE=\(file)", "STALE_AFTER=2", "STALE_COUNT=\(count)", Places.tool, "accumulate",
        "\(Places.sample)/\(file)", "--output", folder.file("stale.h5"), "--threads", "\(threads)",
      ])
  }

  @Test(
    "A file that its server forgot twice is reopened: the same bytes, and the log says how often", arguments: [1, 3])
  func staleTwice(threads: Int) throws {
    let folder = try TemporaryFolder()
    let result = try stale(folder, "train-00.npy.zst", count: 2, threads: threads)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("files reopened: 2"))
    #expect(try Tool.collapse("accumulate", sample, "--output", folder.file("plain.h5")).status == 0)
    #expect(try folder.read("stale.h5") == folder.read("plain.h5"))
  }

  @Test("A file that its server has lost is an error after a few tries, and no state is written")
  func staleForever() throws {
    let folder = try TemporaryFolder()
    let result = try stale(folder, "train-00.npy.zst", count: -1, threads: 1)
    #expect(result.status == 65)
    #expect(result.errors.contains("after 7 tries"))
    #expect(result.errors.contains("→ check the disk, or the file server"))
    #expect(try folder.names == ["stale.so"])
  }
}
