import Engine
import Geometry
import Plan
import Storage
import Support

/// `collect`: measurements as one table.
public struct CollectStage: StageKind, ArtefactStage {
  public static let name = "collect"
  public static let summary = "measurements as one table, a row each, for studies"
  public static let product = Product.table
  /// The name of a column, for help.
  package static let exampleColumn = Statistics.example
  public static let fileExtension: String? = "csv"
  package static let settings: [Setting<Self>] = [
    .init(
      "measures", "files of measurements (JSON), or stages that make them, in order", refersTo: .measures,
      required: true, list: true,
      verb: .argument("measures", "files that measure wrote, or globs in natural order (quoted)")),
    .init(
      \.output, "output", "where to write the table (CSV)", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
  ]

  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "files"

  /// Larger files, in bytes, are no measurements.
  private static let largest = 256 << 20

  /// Answers cancellation after each file.
  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let (files, makers) = (run.files["measures"] ?? [], run.makers["measures"] ?? [])
    run.meter.setGoal(files.count)
    var rows: [CollectedTable.Row] = []
    for (file, maker) in zip(files, makers) {
      try Task.checkCancellation()
      rows.append(.init(name: maker?.name ?? file, values: maker?.values ?? [], measures: try Self.measures(file)))
      run.meter.update(done: rows.count)
    }
    let table = CollectedTable(rows)
    if let output = run.output {
      try AtomicFile.write(output, text: table.csv)
      run.context.log.info(
        "\(run.name): \(table.rows.count) rows of \(table.columns.count) columns; wrote \(output)")
    }
    return Collected(table: table.csv, json: table.json)
  }

  private static func measures(_ file: String) throws -> JSONValue {
    let bytes = try WholeFile.bytes(file, limit: largest, kind: "measurements")
    let measures = try ErrorInFile.naming(file) { try JSONValue(parsing: bytes) }
    guard case .object = measures, measures[Sizes.samples.id] != nil else {
      throw StreamError(
        .unknownFormat, file: file, expected: "measurements, an object with tokens", found: "other JSON",
        advice: "name what measure wrote with --output")
    }
    return measures
  }
}

/// A table that was collected.
private struct Collected: StageResult {
  let table: String
  let json: JSONValue
}

extension CollectStage: ForecastingStage {
  /// Bytes of a row: some fifty numbers.
  private static let rowBytes = 1000

  package func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast(notes: ["\(outlook.references) rows"])
    if let output = outlook.output {
      forecast.sizes[output] = "about \(ByteCount.describe((outlook.references + 1) * Self.rowBytes))"
    }
    return forecast
  }
}
