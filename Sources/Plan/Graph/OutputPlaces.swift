import Foundation
import Storage

/// Where a pipeline file may write without consent, because it may come from anywhere: in its `out` folder, or the
/// working folder if it has none. An `out` that the file itself gives must lie in the working folder too; one from the
/// command line may be anywhere. Hidden files need consent everywhere, because other programs run or obey many of them.
///
/// Links are followed, those of the folders and those of the outputs.
extension PipelineGraph {
  /// The folder for all outputs.
  package var outputRoot: String { outputFolder ?? "." }

  private var out: Located<String>? { description.parameters[PipelineDescription.outputParameter] }

  /// Whether the user gave `out` on the command line.
  package var isPlacedByUser: Bool { out?.place.isOnCommandLine ?? false }

  /// Outputs that need consent, each with its place and what to do.
  package var outputsElsewhere: [Problem] {
    let bounds = OutputBounds(root: outputRoot, isPlacedByUser: isPlacedByUser)
    var problems: [Problem] = []
    for (stage, options) in zip(stages, description.stages.map(\.options)) {
      let artefact = stage.output(in: outputFolder)
      var written = stage.outputs(in: outputFolder)
      if let artefact {
        written += stage.kind.folders(beside: artefact).map { folder in
          let named = options.values.flatMap(\.values).first { $0.value == folder }
          return Stage.Output(file: folder, place: named?.place ?? stage.kind.output?.place)
        }
      }
      for output in written where !output.file.isEmpty {
        guard let found = bounds.objection(to: output.file) else { continue }
        problems.append(
          output.place ?? out?.place ?? description.place, "“\(stage.written)” would write \(found)",
          advice: advice(bounds))
      }
    }
    if let out, let found = bounds.objection(to: "\(out.value)/status.json"), problems.isEmpty {
      problems.append(out.place, "this pipeline would write \(found)", advice: advice(bounds))
    }
    return problems.distinct()
  }

  private func advice(_ bounds: OutputBounds) -> String {
    let folder = bounds.objection(toPlace: outputRoot) == nil ? "" : "--set out=\(outputRoot) or "
    let place = out == nil ? "the working folder" : "${out}"
    return "write into \(place). If you mean it, give collapse run \(folder)--allow-outputs"
  }

  /// Refuses to write elsewhere. Throws ``PipelineError`` that names each such output.
  package func refuseOutputsElsewhere() throws {
    let problems = outputsElsewhere
    guard problems.isEmpty else { throw PipelineError(problems) }
  }
}

/// The folders that contain the outputs of a pipeline file.
private struct OutputBounds {
  /// The output folder, with links resolved.
  let root: String
  /// The working folder, with links resolved.
  let working: String
  let isPlacedByUser: Bool

  init(root: String, isPlacedByUser: Bool) {
    (self.root, working, self.isPlacedByUser) = (Files.resolved(root), Files.resolved("."), isPlacedByUser)
  }

  /// Describes an output that needs consent; nil if it does not.
  func objection(to output: String) -> String? {
    if let found = objection(toPlace: output) { return found }
    // What belongs to an output lies beside it, unless someone put a link there.
    let files = OutputFiles(output)
    let beside = [files.record, files.checkpoint, files.previousCheckpoint].map { ($0, Files.resolved($0)) }
    return beside.first { !Files.lies($1, in: root) }.map { "\($0) (\($1)), outside the out folder \(root)" }
  }

  /// Describes a file or folder that needs consent where it is; nil if it does not.
  func objection(toPlace path: String) -> String? {
    let target = Files.resolved(path)
    let shown = target == path ? path : "\(path) (\(target))"
    let base = isPlacedByUser ? root : working
    guard Files.lies(target, in: base) else {
      return "\(shown), outside the \(isPlacedByUser ? "out" : "working") folder \(base)"
    }
    guard Files.lies(target, in: root) else { return "\(shown), outside the out folder \(root)" }
    let isHidden = target.dropFirst(base.count).split(separator: "/").contains { $0.hasPrefix(".") }
    return isHidden ? "\(shown), which is hidden" : nil
  }
}
