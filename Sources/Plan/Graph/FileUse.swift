/// The files a pipeline would read and write.
extension PipelineGraph.Stage {
  /// Where a stage writes its artefact, or a table beside it.
  package struct Output {
    package let file: String
    /// Where the user wrote the name; nil where it is the pipeline's standard one.
    let place: Place?
  }

  /// The file the artefact is kept in: where the stage says, else in the pipeline's output folder; nil where neither names
  /// one.
  package func output(in folder: String?) -> String? {
    guard !kind.writesStandardOutput, let suffix = type(of: kind).fileExtension else { return nil }
    return kind.output?.value ?? folder.map { "\($0)/\(name).\(suffix)" }
  }

  /// Every file the stage would write.
  package func outputs(in folder: String?) -> [Output] {
    var written = kind.outputs.map { Output(file: $0.value, place: $0.place) }
    guard let file = output(in: folder) else { return written }
    let named = Set(written.map(\.file))
    let beside = type(of: kind).sideOutputs.compactMap { kind.sideOutput($0.name, beside: file) }
    written += beside.filter { !named.contains($0) }.map { Output(file: $0, place: nil) }
    guard !written.contains(where: { $0.file == file }) else { return written }
    return written + [Output(file: file, place: nil)]
  }

  /// Every file the stage would read that is there now. A stream from standard input is none.
  var inputFiles: [String] { allInputs.filter { $0 != "-" } }

  /// Every file the stage would read that is there now, `-` among them, in the order of options.
  var allInputs: [String] {
    let named = type(of: kind).options.flatMap { sources[$0.name] ?? [] }
    return named.compactMap { if case .file(let file) = $0 { file } else { nil } } + kind.inputFiles
  }
}

/// Which stage reads a file, by whatever name.
struct FileReaders {
  private var byPath: [String: PipelineGraph.Stage] = [:]
  private var byFile: [[UInt64]: PipelineGraph.Stage] = [:]

  init(_ stages: [PipelineGraph.Stage]) {
    for stage in stages {
      for input in Set(stage.inputFiles) {
        let identity = FileIdentity(input)
        byPath[identity.path] = byPath[identity.path] ?? stage
        if let file = identity.file { byFile[file] = byFile[file] ?? stage }
      }
    }
  }

  /// The first stage that reads it, though by another of its hard links.
  func reader(of file: FileIdentity) -> PipelineGraph.Stage? {
    byPath[file.path] ?? file.file.flatMap { byFile[$0] }
  }
}
