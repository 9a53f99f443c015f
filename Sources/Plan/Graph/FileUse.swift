import Storage

/// Files a pipeline would read and write.
extension PipelineGraph.Stage {
  /// A file that a stage writes: its artefact or a side output.
  package struct Output {
    package let file: String
    /// Where the user wrote the name; nil for a default name.
    let place: SourcePosition?
  }

  /// The file that keeps the artefact, or stands for its files: the one the stage names, otherwise one in the pipeline's
  /// output folder. Nil if neither exists.
  package func output(in folder: String?) -> String? { outputName(in: folder).map(kind.artefact) }

  /// The name that the user, or the default, gives the artefact.
  func outputName(in folder: String?) -> String? {
    guard !kind.writesStandardOutput, let suffix = type(of: kind).fileExtension else { return nil }
    return kind.output?.value ?? folder.map { "\($0)/\(name).\(suffix)" }
  }

  /// All files the stage would write.
  package func outputs(in folder: String?) -> [Output] {
    var written = kind.outputs.map { Output(file: $0.value, place: $0.place) }
    guard let file = output(in: folder) else { return written }
    let named = Set(written.map(\.file))
    let beside = type(of: kind).sideOutputs.compactMap { kind.sideOutput($0.name, beside: file) }
    written += beside.filter { !named.contains($0) }.map { Output(file: $0, place: nil) }
    let artefact = kind.artefactFiles(file).filter { file in !written.contains { $0.file == file } }
    return written + artefact.map { Output(file: $0, place: kind.output?.place) }
  }

  /// Existing files the stage would read, without standard input.
  package var inputFiles: [String] { allInputs.filter { $0 != "-" } }

  /// Existing files the stage would read, including `-`, in option order.
  var allInputs: [String] {
    let named = type(of: kind).options.flatMap { sources[$0.name] ?? [] }
    return named.compactMap { if case .file(let file) = $0 { file } else { nil } } + kind.inputFiles
  }
}

/// Finds the stage that reads a file, under any of its names.
struct FileReaders {
  private var byPath: [String: PipelineGraph.Stage] = [:]
  private var byFile: [[UInt64]: PipelineGraph.Stage] = [:]

  private var pipeline: FileIdentity?

  /// - Parameter file: the pipeline file, if there is one.
  init(_ stages: [PipelineGraph.Stage], in file: String?) {
    pipeline = file.map(FileIdentity.init)
    for stage in stages {
      for input in Set(stage.inputFiles) {
        let identity = FileIdentity(input)
        byPath[identity.path] = byPath[identity.path] ?? stage
        if let file = identity.file { byFile[file] = byFile[file] ?? stage }
      }
    }
  }

  /// Whether it is the pipeline file itself.
  func isPipeline(_ file: FileIdentity) -> Bool {
    pipeline.map { $0.path == file.path || $0.file != nil && $0.file == file.file } ?? false
  }

  /// The first stage that reads the file, even through another hard link.
  func reader(of file: FileIdentity) -> PipelineGraph.Stage? {
    byPath[file.path] ?? file.file.flatMap { byFile[$0] }
  }
}
