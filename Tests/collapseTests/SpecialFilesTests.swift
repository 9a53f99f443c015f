import Foundation
import TestSupport
import Testing

/// Promise: if a regular file is required, anything else is an error at once, and never a wait.
@Suite("Links, pipes, devices and folders instead of files")
struct SpecialFilesTests {
  private static let stream = Places.sample + "/train-00.npy.zst"

  private func state(_ folder: TemporaryFolder) throws -> String {
    let path = folder.file("state.h5")
    _ = try Tool.collapse("accumulate", Self.stream, "--output", path)
    return path
  }

  /// Runs with a limit of half a minute, which only a wait for a writer would reach.
  private func collapse(_ arguments: [String], in folder: String? = nil) throws -> Tool.Result {
    try Tool.run("timeout", ["-s", "KILL", "30", Places.tool] + arguments, folder: folder)
  }

  /// Options of verbs that need a regular file; FILE is the special file, STATE a state.
  static let readings = [
    "measure FILE", "measure STATE --classifier FILE", "measure STATE --classifier FILE#weight",
    "measure STATE --decisions FILE", "measure STATE --ood FILE", "merge FILE STATE --output OUT",
    "decide STREAM --moments FILE --output OUT", "decide STREAM --moments STATE --classifier FILE#weight --output OUT",
    "run FILE", "validate FILE", "run FILTER",
  ]

  @Test("A pipe without a writer, a device and a folder are bad input, by name", arguments: readings)
  func refused(line: String) throws {
    let folder = try TemporaryFolder()
    let state = line.contains("STATE") ? try state(folder) : ""
    let folderOfFiles = folder.file("folder")
    try FileManager.default.createDirectory(atPath: folderOfFiles, withIntermediateDirectories: false)
    for file in [try folder.makePipe("pipe"), "/dev/null", folderOfFiles] {
      let pipeline = try folder.write(
        "filter.yaml",
        text: """
          name: p
          parameters: { out: \(folder.path)/out }
          stages:
            train: { uses: read, files: "\(Self.stream)" }
            some: { uses: filter, from: train, drop-special: true, tokenizer: "\(file)" }
            moments: { uses: accumulate, from: some }
          """)
      let words = [
        "FILE": file, "STATE": state, "STREAM": Self.stream, "OUT": folder.file("out.h5"), "FILTER": pipeline,
      ]
      let result = try collapse(
        line.split(separator: " ").map { word in
          let parts = word.split(separator: "#", maxSplits: 1).map(String.init)
          return ([words[parts[0]] ?? parts[0]] + parts.dropFirst()).joined(separator: "#")
        }, in: folder.path)
      #expect(result.status == 65, "\(file): \(result.errors)")
      #expect(result.errors.contains(file) && result.errors.contains("→"), "\(result.errors)")
      #expect(try !folder.names.contains("out.h5"))
    }
  }

  @Test("A link to a state works like the state")
  func link() throws {
    let folder = try TemporaryFolder()
    let state = try state(folder)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.h5"), withDestinationPath: "state.h5")
    #expect(try Tool.collapse("measure", folder.file("link.h5")).output == Tool.collapse("measure", state).output)
  }

  @Test("An output goes where a link leads, even if nothing is there yet, and the link stays")
  func outputLink() throws {
    let folder = try TemporaryFolder()
    let state = try state(folder)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.h5"), withDestinationPath: "new.h5")
    let result = try Tool.collapse("accumulate", Self.stream, "--output", folder.file("link.h5"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.read("new.h5") == Array(Data(contentsOf: URL(fileURLWithPath: state))))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.h5")) == "new.h5")
  }

  @Test("A pipe in place of a checkpoint is reported, and ignored")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    _ = try folder.makePipe(".m.h5.checkpoint")
    let result = try collapse(["accumulate", Self.stream, "--output", folder.file("m.h5")])
    #expect(result.status == 0 && result.errors.contains("starting over"), "\(result.errors)")
  }

  @Test("A pipe without a writer is waited for, with a message, and a signal ends the wait")
  func unopened() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let process = try Tool.spawn(
      Places.tool, ["accumulate", pipe, "--output", folder.file("m.h5"), "--log-interval", "1"],
      input: folder.write("in", []), output: folder.file("out"), errors: folder.file("err"))
    func said() throws -> String { String(decoding: try folder.read("err"), as: UTF8.self) }
    for _ in 0..<400 where try !said().contains("no bytes for") { usleep(50_000) }
    let errors = try said()
    #expect(errors.contains("s from \(pipe), after 0 bytes"), "\(errors)")
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect((status >> 8) & 0xFF == 75)
  }
}
