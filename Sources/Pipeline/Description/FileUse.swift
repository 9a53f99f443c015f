import Streams

/// The files a pipeline would read and write.
extension PipelineGraph.Stage {
  /// Where a stage writes its artefact, or a table beside it.
  struct Output {
    let file: String
    /// Where the user wrote the name; nil where it is the pipeline's standard one.
    let place: Place?
  }

  /// The file the artefact is kept in: where the stage says, else in the pipeline's output folder; nil where neither names
  /// one.
  func output(in folder: String?) -> String? {
    guard let suffix = type(of: kind).fileExtension else { return nil }
    return kind.output?.value ?? folder.map { "\($0)/\(name).\(suffix)" }
  }

  /// Every file the stage would write.
  func outputs(in folder: String?) -> [Output] {
    var written = kind.outputs.map { Output(file: $0.value, place: $0.place) }
    guard let file = output(in: folder) else { return written }
    written += kind.companions(of: file).map { Output(file: $0, place: nil) }
    guard !written.contains(where: { $0.file == file }) else { return written }
    return written + [Output(file: file, place: nil)]
  }

  /// Every file the stage would read that is there now. A stream from standard input is none.
  var inputFiles: [String] {
    let states = sources.values.joined().compactMap { if case .file(let file) = $0 { file } else { nil } }
    return (states + kind.inputFiles).filter { $0 != "-" }
  }
}
