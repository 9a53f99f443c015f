import Support

/// Why something cannot be measured.
public enum GeometryError: DiagnosedError, Equatable {
  /// No class meets all conditions; `found` says what each of them leaves.
  case noClasses(found: String)
  /// Every class has a single sample, so nothing varies within classes.
  case noRepeatedClass(classes: Int)
  /// A class whose moments are not finite numbers, or no moments.
  case badMoments(token: Int32, found: String)
  /// A within-class scatter with NaN or infinity.
  case badScatter
  /// A vector whose length to the fourth power no double holds, or that has NaN or infinity in it.
  case outOfRange(token: Int32, what: String, norm: Double)
  /// More features than d×d products are made for.
  case tooWide(dimension: Int, limit: Int)
  /// A classifier of features of another length.
  case classifierDimension(expected: Int, found: Int)
  /// An output head without a row for a selected token.
  case classifierTooShort(token: Int32, rows: Int)
  /// Gathered classifier rows that are not one a selected class.
  case classifierRows(expected: Int, found: Int)
  /// An out-of-distribution mean of features of another length.
  case foreignDimension(expected: Int, found: Int)
  /// An out-of-distribution mean whose squared length no double holds.
  case foreignOutOfRange(norm: Double)
  /// More frequency bands than classes.
  case tooManyBands(bands: Int, classes: Int)
  /// A bias that is not one number a classifier row.
  case biasLength(expected: Int, found: Int)
  /// A row of features whose length, squared, no double holds with room to spare.
  case rowTooLong(row: Int, limit: Double)
  /// LAPACK did not find the eigenvalues of Σ_B.
  case eigensolver(dimension: Int, status: Int)

  public var isBadInput: Bool {
    if case .eigensolver = self { false } else { true }
  }

  public var diagnosis: Diagnosis {
    switch self {
    case .noClasses(let found):
      Diagnosis(
        expected: "a class that meets every condition of the selection", found: found,
        advice: "widen the counts or the list of tokens, or accumulate more samples")
    case .noRepeatedClass(let classes):
      Diagnosis(
        expected: "a class with two or more samples, since within-class variability is measured",
        found: "\(classes) classes with one sample each",
        advice: "accumulate more samples, and check that the labels are token classes and not row numbers")
    case .badMoments(let token, let found):
      Diagnosis(
        position: "token \(token)", expected: "finite moments of at least one sample", found: found,
        advice: "accumulate the state again, from features without NaN or infinity")
    case .badScatter:
      Diagnosis(
        expected: "a finite within-class scatter", found: "NaN or infinity in it",
        advice: "accumulate the state again from features without NaN or infinity")
    case .outOfRange(let token, let what, let norm):
      Diagnosis(
        position: "token \(token)",
        expected: "a \(what) of length between 1e-75 and 1e75, whose fourth power a double holds",
        found: "length \(norm)", advice: "check the numbers for NaN, infinity and overflow, and scale them towards 1")
    case .tooWide(let dimension, let limit):
      Diagnosis(
        expected: "at most \(limit) features a sample, since d×d products are formed", found: "\(dimension)",
        advice: "check that the features are those that the output head multiplies")
    case .classifierDimension(let expected, let found):
      Diagnosis(
        expected: "a classifier of \(expected) columns, like the features", found: "\(found) columns",
        advice: "name the output head of the model that the features come from")
    case .classifierTooShort(let token, let rows):
      Diagnosis(
        expected: "a classifier with a row for token \(token)", found: "\(rows) rows",
        advice: "name the output head of the model and tokenizer that the labels come from")
    case .classifierRows(let expected, let found):
      Diagnosis(
        expected: "\(expected) classifier rows, one a selected class", found: "\(found) rows",
        advice: "gather the rows of the tokens that the class selection lists")
    case .foreignDimension(let expected, let found):
      Diagnosis(
        expected: "out-of-distribution features of \(expected) numbers, like those measured", found: "\(found)",
        advice: "accumulate the out-of-distribution stream with the same model")
    case .foreignOutOfRange(let norm):
      Diagnosis(
        expected: "an out-of-distribution mean of length between 1e-75 and 1e75, or zero", found: "length \(norm)",
        advice: "check the out-of-distribution features for overflow, and scale them towards 1")
    case .tooManyBands(let bands, let classes):
      Diagnosis(
        expected: "at least as many classes as frequency bands", found: "\(classes) classes for \(bands) bands",
        advice: "ask for fewer bands, or select more classes")
    case .biasLength(let expected, let found):
      Diagnosis(
        expected: "a bias of \(expected) numbers, one a classifier row", found: "\(found)",
        advice: "name the bias that belongs to the output head")
    case .rowTooLong(let row, let limit):
      Diagnosis(
        position: "row \(row) of the block", expected: "features of a length below \(limit)", found: "a longer one",
        advice: "check the numbers for overflow, and scale them towards 1")
    case .eigensolver(let dimension, let status):
      Diagnosis(
        expected: "the eigenvalues of a \(dimension)×\(dimension) matrix", found: "LAPACK status \(status)",
        advice:
          "leave out the pooled within-class scatter; \(Statistics.needing(.withinScatter)) need it, nothing else does")
    }
  }
}
