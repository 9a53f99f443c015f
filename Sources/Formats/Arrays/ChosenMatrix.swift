import Storage

/// An array that was chosen as a classifier or its bias.
struct ChosenMatrix {
  let array: any StoredArray
  /// What it is, in words, if its file names arrays: `the output head`.
  let words: String?
  /// The files that hold it.
  var files: [FileIntegrity] = []
}
