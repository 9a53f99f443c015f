import Stages

enum ReportVerb: StageVerb {
  typealias Kind = ReportStage

  static let abstract = "Make an HTML report of measurements, of a study, or of two states compared."

  static let discussion = """
    The report is one file that needs no network. It has figures, every statistic, and a table of token classes that you \
    can search and sort. Several files of measurements give a comparison: one table of all statistics, and a figure of \
    each headline statistic by model.

    Each figure is also written as SVG, and its data as CSV, into a folder beside the report. Figures that an earlier run \
    left there, and that the report no longer has, are removed. Figures are drawn by gnuplot (Debian package gnuplot-nox).

    EXAMPLE
      collapse report m.json --classes classes.csv \\
        --histograms histograms.csv --output report.html
      collapse report m.json --eigenvalues spectra.csv --output report.html
      collapse report m.json --timeline moments.timeline.csv \\
        --output report.html
      collapse report small.json large.json --output both.html
      collapse report study.json --output study.html
      collapse report c.json --classes moved.csv --output moved.html
    """
}
