/// What the usual names of arrays mean, in a file that names its arrays. Upper and lower case are the same.
enum UsualNames {
  /// The label of each row: the next token.
  static let labels = ["labels", "label", "targets", "target", "next_tokens", "next_token", "y"]
  /// The token at each position, from which labels are made.
  static let tokens = ["tokens", "token", "token_ids", "token_id", "input_ids"]
  static let features = ["embeddings", "features", "hidden_states", "last_hidden_state"]
  static let predictions = ["predictions"]

  /// 1 at each position that holds a token, 0 at padding.
  static let mask = "attention_mask"

  /// The label that stands for no token in the data of Hugging Face's models, which is not shifted.
  static let maskedLabel: Int64 = -100
}
