import Stages

enum CollectVerb: StageVerb {
  typealias Kind = CollectStage
  typealias Own = PrintedTable

  static let abstract = "Collect measurements as one table (CSV), a row each."

  static let discussion = """
    Columns are the file's name and every number of the measurements, those of an object under its name: \
    \(CollectStage.exampleColumn).

    EXAMPLE
      collapse collect 'step-*.json' --output table.csv
    """
}
