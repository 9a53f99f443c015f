import Stages

enum CompareVerb: StageVerb {
  typealias Kind = CompareStage
  typealias Own = FormatOption

  static let abstract = "Compare two states, as a whole and class by class: checkpoints, layers, or models."

  static let discussion = """
    Classes are matched by token id, and their means centred over the classes that both states have. Linear CKA and the \
    Procrustes distance need no common basis; CKA also holds for different dimensions.

    With --same-basis, each class also has the cosine of its two means and their squared distance. If the states are of \
    different samples, the sampling noise of both is subtracted from that. The basis is also known if both states are of \
    the same features, or if --measures records the same output head for both.

    EXAMPLE
      collapse compare step-1000.h5 step-2000.h5 --same-basis
      collapse compare base.h5 tuned.h5 --same-basis --min-count 10 \\
        --tokenizer tokenizer.json --classes moved.csv --output c.json
      collapse report c.json --classes moved.csv --output moved.html
      collapse compare small.h5 large.h5 --bands 10 --format table
    """
}
