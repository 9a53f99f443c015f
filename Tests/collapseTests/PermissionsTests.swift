import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What one user made private stays so.
@Suite("Permissions of files that runs leave")
struct PermissionsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let labels = (0..<40_000).map { Int32($0 % 7) }
    try folder.write("a.npy", NPY.batch(labels, (0..<80_000).map { Float($0 % 100) }, dimension: 2))
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))", min: 1 }
        stages:
          train: { uses: read, files: "\(folder.file("a.npy"))" }
          copy: { uses: write, from: train, output: "${out}/copy.npy" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments, min-count: "${min}", classes: "${out}/classes.csv" }
          table: { uses: collect, measures: geometry }
        """)
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return stat(folder.file(name), &status) == 0 ? status.st_mode & 0o777 : 0
  }

  private func hasOpened(_ process: pid_t, _ file: String) -> Bool {
    let open = "/proc/\(process)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []
    return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\($0)")) == file }
  }

  private func run(_ arguments: [String]) throws {
    let result = try Tool.run(Places.tool, arguments, folder: folder.path)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("Every file of a run that is made again keeps its mode, and its record has the same")
  func run() throws {
    try run(["run", "p.yaml"])
    let outputs = ["copy.npy", "moments.h5", "geometry.json", "classes.csv", "table.csv"].map { "out/\($0)" }
    for (mode, minimum) in [(0o600, 2), (0o640, 3)] as [(mode_t, Int)] {
      for name in outputs { #expect(chmod(folder.file(name), mode) == 0) }
      try run(["run", "p.yaml", "--restart", "--set", "min=\(minimum)"])
      for name in outputs { #expect(self.mode(name) == mode, "\(name)") }
      for name in ["copy.npy", "moments.h5", "geometry.json", "table.csv"] {
        #expect(self.mode("out/.collapse/\(name).json") == mode, "\(name)")
      }
    }
  }

  @Test("The checkpoint of a private output is private")
  func checkpoint() throws {
    let pipe = try folder.makePipe("pipe")
    let held = open(pipe, O_RDWR | O_CLOEXEC)
    try folder.write("m.h5", [])
    #expect(chmod(folder.file("m.h5"), 0o600) == 0)
    let process = try Tool.spawn(
      Places.tool, ["accumulate", folder.file("a.npy"), pipe, "--output", folder.file("m.h5"), "--checkpoint", "0.1s"],
      input: "/dev/null", output: folder.file("log"), errors: folder.file("err"))
    let checkpoint = ".m.h5.checkpoint"
    for _ in 0..<500 where !hasOpened(process, pipe) { usleep(20_000) }
    // The first block is folded by then.
    usleep(500_000)
    kill(process, SIGTERM)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    close(held)
    #expect(mode(checkpoint) == 0o600)
  }
}
