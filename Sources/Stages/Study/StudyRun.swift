import Engine
import Storage
import Study
import Support

extension StudyStage {
  /// Studies the run's tables and writes the requested files. Checks for cancellation between rounds of shuffles and
  /// resamples.
  func study(_ options: StudyOptions, _ run: StageRun) throws -> any StageResult {
    let files = run.files["tables"] ?? []
    run.meter.setGoal(files.count)
    let tables = try StudyTables(files, metadata: metadata.map(\.value), nameColumn: options.nameColumn)
    for note in tables.notes { run.context.log.warning("\(run.name): \(note)") }
    let study = try ErrorInFile.naming(files.joined(separator: ", ")) {
      try Study(of: tables.table, options, checkCancellation: { try Task.checkCancellation() })
    }
    run.meter.update(done: files.count)
    let choices = try choices(options, study, tables.table)
    run.context.log.info("\(run.name): \(choices)")
    let json: JSONValue = ["study": study.json, "provenance": tables.provenance]
    if let output = run.output {
      try AtomicFile.write(output, text: json.text)
      run.context.log.info(
        "\(run.name): \(study.findings.count) properties of \(study.models.count) models; wrote \(output)")
      for remark in study.remarks { run.context.log.info("\(run.name): \(remark)") }
    }
    if let csv { try AtomicFile.write(csv.value, text: study.text(.csv)) }
    if let latex { try AtomicFile.write(latex.value, text: study.text(.latex)) }
    return PrintedResult(table: study.text(format), json: json)
  }

  /// What the study chose that the user did not name.
  private func choices(_ options: StudyOptions, _ study: Study, _ table: Table) throws -> String {
    let names = try table.nameColumn(options.nameColumn).map { "models are named by column \($0)" }
    let formulas = study.findings.map { "\($0.property.name) = \($0.property.expression.text)" }
    return ([names ?? "models are numbered"] + (options.properties.isEmpty ? formulas : [])).joined(separator: "; ")
  }
}
