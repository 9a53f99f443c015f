import Stages

enum MeasureVerb: StageVerb {
  typealias Kind = MeasureStage
  typealias Own = FormatOption

  static let abstract = "Measure every statistic of neural collapse on a state."

  static let discussion = """
    \(MeasureStage.needs)

    Classes are selected by --min-count, --max-count and --tokens, all of which they must meet; N and the within-class \
    scatter stay those of all samples. --bands and --types measure groups of the selected classes too, each as if its \
    classes alone had been selected.

    EXAMPLE
      collapse measure moments.h5 --classifier model.safetensors#lm_head.weight
      collapse measure moments.h5 --decisions decisions.h5 --output m.json \\
        --classes classes.csv --histograms histograms.csv
      collapse measure moments.h5 --min-count 2 --bands 10 --format table
      collapse measure moments.h5 --types --tokenizer tokenizer.json \\
        --classes classes.h5
      collapse measure moments.h5 --ood other.h5
      collapse measure moments.h5 --pairs 1e8
    """
}
