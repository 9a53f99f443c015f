import Engine
import Storage
import Study
import Support

extension StudyStage {
  /// Studies the run's tables and writes the requested files. The study in JSON holds checksums of the tables, and gets
  /// its name last. Checks for cancellation between rounds of shuffles and
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
    let provenance = [StudyFormat.csv, .latex].reduce(tables.provenance) { provenance, format in
      let sum = Checksum()
      sum.update(study.text(format))
      return provenance.adding("\(format.rawValue)_digest", .string(sum.value))
    }
    let json: JSONValue = ["study": study.json, "provenance": provenance]
    try AtomicFile.writeTogether { files in
      if let csv { files.append(try AtomicFile.begin(csv.value, text: study.text(.csv))) }
      if let latex { files.append(try AtomicFile.begin(latex.value, text: study.text(.latex))) }
      if let output = run.output { files.append(try AtomicFile.begin(output, text: json.text)) }
    }
    if let output = run.output {
      run.context.log.info(
        "\(run.name): \(study.findings.count) properties of \(study.models.count) models; wrote \(output)")
      for remark in study.remarks { run.context.log.info("\(run.name): \(remark)") }
    }
    return PrintedResult(table: study.text(format), json: json)
  }

  /// What the study chose that the user did not name.
  private func choices(_ options: StudyOptions, _ study: Study, _ table: Table) throws -> String {
    let names = try table.nameColumn(options.nameColumn).map { "models are named by column \($0)" }
    let formulas = study.findings.map { "\($0.property.name) = \($0.property.expression.text)" }
    return ([names ?? "models are numbered"] + (options.properties.isEmpty ? formulas : [])).joined(separator: "; ")
  }
}
