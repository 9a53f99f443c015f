import Formats
import Plan
import Vocabulary

extension Located<String> {
  /// The `tokenizer.json` that the path stands for, if it is a folder.
  var asTokenizerFile: Located<String> { Located(Tokenizer.file(value), place) }
}
