import Stages

enum AccumulateVerb: StageVerb {
  typealias Kind = AccumulateStage
  typealias Own = RestartOption

  static let abstract = "Accumulate the moments of every token class of a stream, in one pass."

  static let discussion = """
    The stream is NPY arrays one after another: labels, perhaps predictions, features; batch by batch; plain or \
    Zstandard; or datasets of HDF5 files, or tensors of safetensors files. Or, with --tokens, \
    features by position (NPY, HDF5, safetensors; 2-d, or 3-d by sequence), of which each is labelled with the next token \
    of its sequence; where sequences end is said by 2-d tokens or 3-d features, or by the options below. The state is an HDF5 file that h5py and merge and measure read.

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
    """
}
