import Stages

enum DecideVerb: StageVerb {
  typealias Kind = DecideStage
  typealias Own = RestartOption

  static let abstract =
    "Classify unseen samples by the classifier and by the nearest class mean, and count agreements (NC4)."

  static let discussion = """
    The model's choice is the classifier's largest output over its whole vocabulary, or with --head-rows seen over the \
    classes in the moments. The other choice is the class with \
    the nearest mean, among the classes in the moments. Choices too close for single precision are made in float64. The \
    result is an HDF5 file that h5py, merge and measure --decisions read.

    EXAMPLE
      collapse decide validation.npy.zst --moments moments.h5 \\
        --classifier model.safetensors#lm_head.weight --output decisions.h5
      collapse measure moments.h5 --decisions decisions.h5
    """
}
