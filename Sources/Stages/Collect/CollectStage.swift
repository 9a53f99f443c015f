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
  package static let writes = [CollectedTable.own]
  package static let settings: [Setting<Self>] = [
    .init(
      "measures", "files of measurements (JSON), or stages that make them, in order", refersTo: .measures,
      required: true, list: true,
      verb: .argument("measures", "files that measure wrote, or quoted globs, in natural order")),
    .init(
      \.groups, "groups", "a row per band or type of classes that was measured too, instead of one row per file"),
    .memory(\.memory),
    .init(
      \.output, "output", "where to write the table (CSV)", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
  ]

  private var groups = false
  package var output: Located<String>?
  package var memory: Int?

  package init() {}

  package static let progressUnit = "files"

  /// Checks for cancellation after each file.
  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let (files, makers) = (run.files["measures"] ?? [], run.makers["measures"] ?? [])
    run.meter.setGoal(files.count)
    // All measurements are in memory with the table that they become.
    var need = MemoryNeed()
    need.add(MemoryBudget.share * 2 * FileSizes.total(files), for: "the measurements and their table")
    try need.check(memory, or: ["collect fewer files at once"])
    var (rows, done): ([CollectedTable.Row], Int) = ([], 0)
    for (file, maker) in zip(files, makers) {
      try Task.checkCancellation()
      let measures = try MeasuresReader(file).json
      if let warning = try MeasurementsOrigin.check(measures, file) {
        run.context.log.warning("\(run.name): \(file) \(warning)")
      }
      let row = CollectedTable.Row(name: maker?.name ?? file, values: maker?.values ?? [], measures: measures)
      rows += groups ? try Self.groups(of: row, file) : [row]
      done += 1
      run.meter.update(done: done)
    }
    let table = CollectedTable(rows)
    if let output = run.output {
      try AtomicFile.write(output, text: table.csv)
      run.context.log.info(
        "\(run.name): \(table.rows.count) rows of \(table.columns.count) columns; wrote \(output)")
    }
    if files.count > 1, let remark = table.remarkOnScale { run.context.log.info("\(run.name): \(remark)") }
    return PrintedResult(table: table.csv, json: table.json)
  }

  /// The rows of a file's groups. Throws `StreamError` if it has none.
  private static func groups(of row: CollectedTable.Row, _ file: String) throws -> [CollectedTable.Row] {
    let groups = row.groups
    guard groups.isEmpty else { return groups }
    throw StreamError(
      .unknownFormat, file: file, expected: "measurements of bands or types of classes", found: "none",
      advice: "measure with bands or types, or collect without groups")
  }

  /// Bytes of a row: about fifty numbers.
  private static let rowBytes = 1000

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    outlook.forecast(
      size: "about \(ByteCount.describe((outlook.references + 1) * Self.rowBytes))",
      notes: ["\(outlook.references) rows"])
  }
}
