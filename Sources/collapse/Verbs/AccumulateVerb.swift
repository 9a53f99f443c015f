import Stages

enum AccumulateVerb: StageVerb {
  typealias Kind = AccumulateStage
  typealias Own = RestartOption

  static let abstract = "Accumulate the moments of every token class of a stream, in one pass."

  static let discussion = """
    A stream is NPY arrays in batches: labels, optional predictions, features. It may be plain or Zstandard. Datasets of \
    HDF5 files and tensors of safetensors files work too. The state is an HDF5 file that h5py, merge and measure read.

    With --tokens, inputs hold features by position (NPY, HDF5 or safetensors; 2-d, or 3-d by sequence). Each feature row \
    is labelled with the next token of its sequence. Sequence ends come from 2-d tokens, 3-d features, or the options below.

    EXAMPLE
      collapse accumulate 'train-*.npy.zst' --within pooled --output moments.h5
      python export.py | collapse accumulate - --output moments.h5
      collapse accumulate 'run-*.h5' --labels tokens --features hidden \\
        --output moments.h5
      collapse accumulate hidden.npy --tokens corpus.bin --token-type uint16 \\
        --sequence-length 1024 --output moments.h5
      collapse accumulate big.npy.zst --memory 8GiB --scratch /local/me \\
        --output moments.h5
      collapse accumulate 'train-*.npy.zst' --output moments.h5 \\
        --measure-every 1e7   # moments.timeline.csv too
      collapse accumulate 'train-*.npy.zst' --output moments.h5 \\
        --parts 16   # moments.part-01.h5 and so on, for standard errors
    """
}
