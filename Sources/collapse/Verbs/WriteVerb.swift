import Stages

enum WriteVerb: StageVerb {
  typealias Kind = WriteStage

  static let abstract = "Write a stream's samples as an embedding stream in one file."

  static let discussion = """
    The output has the same samples in the same order, with the model's predictions if the stream carries them. Every \
    stage gives the same bytes from it, as long as features keep their type. bfloat16 features are written as ml_dtypes \
    writes them: 2-byte items of type V2, which numpy shows as raw bits.

    EXAMPLE
      collapse write 'shard-*.npy' --output train.npy.zst
      collapse write train.npy.zst --type float16 --level 19 --output small.npy.zst
      collapse write hidden.npy --tokens tokens.npy --end-of-text 50256 \\
        --output train.npy.zst
      collapse write train.npy.zst | python look.py
    """
}
