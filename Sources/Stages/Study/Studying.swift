import Engine
import Plan
import Storage
import Study
import Support

/// Studies tables. Answers cancellation between rounds of shuffles and resamples.
actor Studying {
  private let run: StageRun
  private let format: StudyFormat
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ run: StageRun, _ format: StudyFormat) {
    (self.run, self.format) = (run, format)
    executor = DedicatedExecutor("study.\(run.name)")
  }

  /// Studies the run's tables, and writes what was asked for.
  func study(
    _ options: StudyOptions, metadata: [String], csv: Located<String>?, latex: Located<String>?
  ) throws -> any StageResult {
    let files = run.files["tables"] ?? []
    run.meter.setGoal(files.count)
    let tables = try StudyTables(files, metadata: metadata, nameColumn: options.nameColumn)
    for note in tables.notes { run.context.log.warning("\(run.name): \(note)") }
    let study = try ErrorInFile.naming(files.joined(separator: ", ")) {
      try Study(of: tables.table, options, checkpoint: { try Task.checkCancellation() })
    }
    run.meter.update(done: files.count)
    let json: JSONValue = ["study": study.json, "provenance": tables.provenance]
    if let output = run.output {
      try AtomicFile.write(output, text: json.text)
      run.context.log.info(
        "\(run.name): \(study.findings.count) properties of \(study.models.count) models; wrote \(output)")
      for remark in study.remarks { run.context.log.info("\(run.name): \(remark)") }
    }
    if let csv { try AtomicFile.write(csv.value, text: study.text(.csv)) }
    if let latex { try AtomicFile.write(latex.value, text: study.text(.latex)) }
    return Studied(table: study.text(format), json: json)
  }
}

/// A study that was made.
private struct Studied: StageResult {
  let table: String
  let json: JSONValue
}
