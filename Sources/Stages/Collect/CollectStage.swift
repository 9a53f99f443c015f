import Artefacts
import Engine
import Geometry
import Plan
import Storage
import Support

/// `collect`: measurements as one table.
package struct CollectStage: StageKind, ArtefactStage, ForecastingStage {
  package static let name = "collect"
  package static let summary = "measurements as one table for studies, one row per file"
  package static let product = Product.table
  /// The name of a column, for help.
  package static let exampleColumn = Statistics.example
  package static let fileExtension: String? = "csv"
  package static let settings: [Setting<Self>] = [
    .init(
      "measures", "files of measurements (JSON), or stages that make them, in order", refersTo: .measures,
      required: true, list: true,
      verb: .argument("measures", "files that measure wrote, or quoted globs, in natural order")),
    .init(
      \.output, "output", "where to write the table (CSV)", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
  ]

  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "files"

  /// Checks for cancellation after each file.
  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let (files, makers) = (run.files["measures"] ?? [], run.makers["measures"] ?? [])
    run.meter.setGoal(files.count)
    var rows: [CollectedTable.Row] = []
    for (file, maker) in zip(files, makers) {
      try Task.checkCancellation()
      let measures = try MeasuresReader(file).json
      if let warning = try MeasurementsOrigin.check(measures, file) {
        run.context.log.warning("\(run.name): \(file) \(warning)")
      }
      rows.append(.init(name: maker?.name ?? file, values: maker?.values ?? [], measures: measures))
      run.meter.update(done: rows.count)
    }
    let table = CollectedTable(rows)
    if let output = run.output {
      try AtomicFile.write(output, text: table.csv)
      run.context.log.info(
        "\(run.name): \(table.rows.count) rows of \(table.columns.count) columns; wrote \(output)")
    }
    return PrintedResult(table: table.csv, json: table.json)
  }

  /// Bytes of a row: about fifty numbers.
  private static let rowBytes = 1000

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    outlook.forecast(
      size: "about \(ByteCount.describe((outlook.references + 1) * Self.rowBytes))",
      notes: ["\(outlook.references) rows"])
  }
}
