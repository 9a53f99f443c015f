import Foundation
import Storage

extension GraphCheck {
  /// Checks that the output folder can be a folder.
  mutating func outputFolder() {
    guard let folder = description.parameters[PipelineDescription.outputParameter] else { return }
    let found: String
    if folder.value.allSatisfy(\.isWhitespace) {
      found = "nothing"
    } else if let part = AtomicFile.literalPart(ofMissing: folder.value) {
      return addProblem(
        folder.place, "expected a folder for \(PipelineDescription.outputParameter), found none, and no folder \(part)",
        advice: HomeFolder.advice(for: part) ?? "make the folder first")
    } else if let file = Self.fileInTheWay(of: folder.value) {
      found = "\(file), which is a file"
    } else {
      return
    }
    addProblem(
      folder.place, "expected a folder for \(PipelineDescription.outputParameter), found \(found)",
      advice: "name a folder, or omit the parameter")
  }

  /// The deepest existing part of a path, if it is not a folder.
  private static func fileInTheWay(of path: String) -> String? {
    var path = FileIdentity(path).path
    while !Files.exists(path) {
      guard path != "/" else { return nil }
      path = (path as NSString).deletingLastPathComponent
    }
    return Files.isFolder(path) ? nil : path
  }

  /// Checks that no two outputs are the same file and that no output is also an input, however the names are spelled.
  mutating func outputs(_ stages: [PipelineGraph.Stage]) {
    let inputs = FileReaders(stages, in: description.place.file)
    var writers: [String: PipelineGraph.Stage] = [:]
    for (stage, output) in allOutputs(of: stages) {
      let place = output.place ?? numbers[stage.written]?.first.map { self.place(of: $0) } ?? .option("--output")
      let file = FileIdentity(output.file)
      if !PipeOutput.isBottomless(output.file), let other = writers.updateValue(stage, forKey: file.path) {
        addProblem(
          place, "“\(stage.written)” would write \(output.file)\(Self.clash(of: stage, with: other))",
          advice: stage.written == other.written && stage.name != other.name
            ? "put \(stage.values.map { "${\($0.name)}" }.joined(separator: " and ")) into its name"
            : "give each output its own name")
      }
      if inputs.isPipeline(file) {
        addProblem(
          place, "“\(stage.written)” would write \(output.file), the pipeline file itself",
          advice: "write to another file")
      }
      if let reader = inputs.reader(of: file) {
        addProblem(
          place,
          "“\(stage.written)” would write \(output.file), which \(reader.name == stage.name ? "it" : "“\(reader.written)”") reads",
          advice: reader.name == stage.name || output.place?.isOnCommandLine == true
            ? "write to another file"
            : "write to another file, or refer to the stage “\(stage.written)” in “\(reader.written)”")
      }
    }
  }

  /// Default names first. So of two clashing outputs, the one reported is one that the user wrote, if there is one.
  private func allOutputs(
    of stages: [PipelineGraph.Stage]
  ) -> [(stage: PipelineGraph.Stage, output: PipelineGraph.Stage.Output)] {
    // Empty names are reported elsewhere.
    let all = stages.flatMap { stage in
      stage.outputs(in: folder).filter { !$0.file.isEmpty }.map { (stage: stage, output: $0) }
    }
    return all.filter { $0.output.place == nil } + all.filter { $0.output.place != nil }
  }
}
