import Stages

enum MeasureVerb: StageVerb {
  typealias Kind = MeasureStage
  typealias Own = FormatOption

  static let abstract = "Compute every statistic of neural collapse from a state."

  static let discussion = """
    \(MeasureStage.needs)

    --min-count, --max-count and --tokens select classes; a class must meet all of them. N and the within-class scatter \
    still cover all samples; the selected_ statistics cover those of the selected classes. --bands and --types also measure groups of the selected classes, each as if only its classes \
    had been selected.

    --errors jackknife takes at least 8 parts of a state, as accumulate --parts makes them. It measures their merge, and \
    again without each part: every mean, std, cv and scalar gets a standard error and a bias. NC4 takes its parts from \
    --decisions, NC5 from --ood; both may be repeated. --prefixes 4 also measures a quarter, a half and three quarters of \
    the parts. It reports how many samples are enough for each value to stay within one error of the last.

    EXAMPLE
      collapse measure moments.h5 --classifier model.safetensors#lm_head.weight
      collapse measure moments.h5 --decisions decisions.h5 --output m.json \\
        --classes classes.csv --histograms histograms.csv
      collapse measure moments.h5 --min-count 2 --bands 10 --format table
      collapse measure moments.h5 --types --tokenizer tokenizer.json \\
        --classes classes.h5
      collapse measure moments.h5 --ood other.h5
      collapse measure moments.h5 --pairs 1e8
      collapse measure 'moments.part-*.h5' --errors jackknife --prefixes 4
      collapse measure moments.h5 --spectra --eigenvalues spectra.csv \\
        --classifier model.safetensors#lm_head.weight
    """
}
