import Stages

enum CollectVerb: StageVerb {
  typealias Kind = CollectStage
  typealias Own = PrintedTable

  static let abstract = "Collect files of measurements into one table (CSV), one row per file."

  static let discussion = """
    The columns are the file's name and every number in the measurements. The numbers of an object are named after it: \
    \(CollectStage.exampleColumn).

    EXAMPLE
      collapse collect 'step-*.json' --output table.csv
      collapse collect 'step-*.json' --groups --output bands.csv
    """
}
