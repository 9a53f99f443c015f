import Foundation

/// Programs that stand for those of Slurm in tests without a cluster: they record what they are told, and answer from
/// files.
package struct FakeSlurm {
  private let folder: TemporaryFolder

  package init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: false)
    for name in ["queue", "submitted", "cancelled"] { try folder.write(name, []) }
    try program("squeue", "cat '\(folder.path)/queue'")
    try program("scancel", "printf '%s\\n' \"$@\" >> '\(folder.path)/cancelled'")
    try program("sacct", "exit 1")
    try accepts(true)
  }

  /// Whether `sbatch` takes jobs; the first one has the id 8.
  package func accepts(_ isAccepting: Bool) throws {
    let body = """
      cat "${@: -1}" >> '\(folder.path)/submitted'
      n=$(grep -c '^#!' '\(folder.path)/submitted')
      echo $((n + 7))
      """
    try program("sbatch", isAccepting ? body : "echo refused >&2; exit 1")
  }

  /// What `squeue` prints, a job a line: id, state, reason, node, comment and script, with `|` between.
  package func setQueue(_ lines: String...) throws {
    try folder.write("queue", text: lines.map { $0 + "\n" }.joined())
  }

  /// The scripts that were submitted.
  package var submitted: String { get throws { String(decoding: try folder.read("submitted"), as: UTF8.self) } }

  /// The arguments of `scancel`, one a line.
  package var cancelled: String { get throws { String(decoding: try folder.read("cancelled"), as: UTF8.self) } }

  /// The environment of a process that uses these programs.
  package var environment: [String: String] {
    ["PATH": folder.file("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
  }

  /// Another process writes it: if this process did, a program started by another test at that moment would inherit
  /// the open file, and it could not be run.
  private func program(_ name: String, _ body: String) throws {
    let source = try folder.write("source", text: "#!/bin/bash\n\(body)\n")
    _ = try Tool.run("install", ["-m", "755", source, folder.file("bin/\(name)")])
  }
}
