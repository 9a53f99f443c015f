import Stages

enum MeasureVerb: StageVerb {
  typealias Kind = MeasureStage
  typealias Own = FormatOption

  static let abstract = "Compute every statistic of neural collapse from a state."

  static let discussion = """
    \(MeasureStage.needs)

    --min-count, --max-count and --tokens select classes; a class must meet all of them. N and the within-class scatter \
    still cover all samples. --bands and --types also measure groups of the selected classes, each as if only its classes \
    had been selected.

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
