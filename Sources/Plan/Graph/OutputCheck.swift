import Foundation

extension GraphCheck {
  /// The folder for outputs can be one.
  mutating func outputFolder() {
    guard let folder = description.parameters[PipelineDescription.outputParameter] else { return }
    let found: String
    if folder.value.allSatisfy(\.isWhitespace) {
      found = "nothing"
    } else if let file = Self.fileInTheWay(of: folder.value) {
      found = "\(file), which is a file"
    } else {
      return
    }
    complain(
      folder.place, "expected a folder for \(PipelineDescription.outputParameter), found \(found)",
      advice: "name a folder, or leave the parameter out")
  }

  /// The first part of a path that is there and no folder.
  private static func fileInTheWay(of path: String) -> String? {
    var path = FileIdentity(path).path
    var isDirectory: ObjCBool = false
    while !FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard path != "/" else { return nil }
      path = (path as NSString).deletingLastPathComponent
    }
    return isDirectory.boolValue ? nil : path
  }

  /// No two outputs are one file, and none is an input, however the names are spelt.
  mutating func outputs(_ stages: [PipelineGraph.Stage]) {
    let inputs = FileReaders(stages)
    var writers: [String: PipelineGraph.Stage] = [:]
    for (stage, output) in allOutputs(of: stages) {
      let place = output.place ?? numbers[stage.written]?.first.map { self.place(of: $0) } ?? .option("--output")
      let file = FileIdentity(output.file)
      if let other = writers.updateValue(stage, forKey: file.path) {
        complain(
          place, "“\(stage.written)” would write \(output.file)\(Self.clash(of: stage, with: other))",
          advice: stage.written == other.written && stage.name != other.name
            ? "put \(stage.values.map { "${\($0.name)}" }.joined(separator: " and ")) into its name"
            : "give each output a name of its own")
      }
      if let reader = inputs.reader(of: file) {
        complain(
          place,
          "“\(stage.written)” would write \(output.file), which \(reader.name == stage.name ? "it" : "“\(reader.written)”") reads",
          advice: reader.name == stage.name || output.place?.isOnCommandLine == true
            ? "write to another file"
            : "write to another file, or let “\(reader.written)” name the stage “\(stage.written)” instead")
      }
    }
  }

  /// Standard names first, so that of two outputs the later is one that the user wrote, where either is.
  private func allOutputs(
    of stages: [PipelineGraph.Stage]
  ) -> [(stage: PipelineGraph.Stage, output: PipelineGraph.Stage.Output)] {
    // What has no name is another's mistake.
    let all = stages.flatMap { stage in
      stage.outputs(in: folder).filter { !$0.file.isEmpty }.map { (stage: stage, output: $0) }
    }
    return all.filter { $0.output.place == nil } + all.filter { $0.output.place != nil }
  }
}
