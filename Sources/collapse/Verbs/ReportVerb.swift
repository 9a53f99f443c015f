import Stages

enum ReportVerb: StageVerb {
  typealias Kind = ReportStage

  static let abstract = "Make an HTML report of measurements, or of a study."

  static let discussion = """
    One file that needs no network, with figures, every statistic, and a table of token classes to search and sort. \
    Each figure is also written as SVG, and its data as CSV, into a folder beside the report. Several files of \
    measurements are set side by side: a table of all statistics, and a figure of each headline statistic by model. \
    Figures of an earlier run that the report makes no more are removed from that folder.

    Figures are drawn by gnuplot (Debian's package gnuplot-nox).

    EXAMPLE
      collapse report m.json --classes classes.csv \\
        --histograms histograms.csv --output report.html
      collapse report m.json --timeline moments.timeline.csv \\
        --output report.html
      collapse report small.json large.json --output both.html
      collapse report study.json --output study.html
    """
}
