import Support

/// Why something cannot be measured.
package enum GeometryError: DiagnosedError, Equatable {
  /// No class meets every condition; `found` says how many classes each one leaves.
  case noClasses(found: String)
  /// A class has no samples, or its moments are not finite.
  case badMoments(token: Int32, found: String)
  /// The within-class scatter has NaN or infinity.
  case badScatter
  /// A vector has NaN or infinity, or the fourth power of its length does not fit a double.
  case outOfRange(token: Int32, what: String, norm: Double)
  /// There are too many features to form d×d products.
  case tooWide(dimension: Int, limit: Int)
  /// The classifier has a different number of features.
  case classifierDimension(expected: Int, found: Int)
  /// The output head has no row for a selected token.
  case classifierTooShort(token: Int32, rows: Int)
  /// The gathered classifier rows are not one per selected class.
  case classifierRows(expected: Int, found: Int)
  /// The out-of-distribution mean has a different number of features.
  case outOfDistributionDimension(expected: Int, found: Int)
  /// The squared length of the out-of-distribution mean does not fit a double.
  case foreignOutOfRange(norm: Double)
  /// There are more frequency bands than classes.
  case tooManyBands(bands: Int, classes: Int)
  /// The bias does not have one number per classifier row.
  case biasLength(expected: Int, found: Int)
  /// A row of features is so long that its square could overflow.
  case rowTooLong(row: Int, limit: Double)
  /// Two states have no class in common; `found` says how many classes each has.
  case noCommonClass(found: String)
  /// LAPACK failed to compute singular values.
  case singularValues(rows: Int, columns: Int, status: Int)
  /// LAPACK failed to compute the eigenvalues.
  case eigensolver(dimension: Int, status: Int)

  package var isBadInput: Bool {
    switch self {
    case .eigensolver, .singularValues: false
    default: true
    }
  }

  package var diagnosis: Diagnosis {
    switch self {
    case .noClasses(let found):
      Diagnosis(
        expected: "a class that meets every condition of the selection", found: found,
        advice: "widen the counts or the list of tokens, or accumulate more samples")
    case .badMoments(let token, let found):
      Diagnosis(
        position: "token \(token)", expected: "finite moments of at least one sample", found: found,
        advice: "accumulate the state again, from features without NaN or infinity")
    case .badScatter:
      Diagnosis(
        expected: "a finite within-class scatter", found: "NaN or infinity",
        advice: "accumulate the state again from features without NaN or infinity")
    case .outOfRange(let token, let what, let norm):
      Diagnosis(
        position: "token \(token)",
        expected: "a \(what) of length between 1e-75 and 1e75, so that a double holds its fourth power",
        found: "length \(norm)", advice: "check for NaN, infinity and overflow, and scale the numbers towards 1")
    case .tooWide(let dimension, let limit):
      Diagnosis(
        expected: "at most \(limit) features per sample, because d×d products are formed", found: "\(dimension)",
        advice: "check that these are the features that the output head multiplies")
    case .classifierDimension(let expected, let found):
      Diagnosis(
        expected: "a classifier with \(expected) columns, like the features", found: "\(found) columns",
        advice: "name the output head of the model that produced the features")
    case .classifierTooShort(let token, let rows):
      Diagnosis(
        expected: "a classifier with a row for token \(token)", found: "\(rows) rows",
        advice: "name the output head of the model whose tokenizer produced the labels")
    case .classifierRows(let expected, let found):
      Diagnosis(
        expected: "\(expected) classifier rows, one per selected class", found: "\(found) rows",
        advice: "gather one row for each token of the class selection")
    case .outOfDistributionDimension(let expected, let found):
      Diagnosis(
        expected: "out-of-distribution features of dimension \(expected), like those measured", found: "\(found)",
        advice: "accumulate the out-of-distribution stream with the same model")
    case .foreignOutOfRange(let norm):
      Diagnosis(
        expected: "an out-of-distribution mean that is zero or has a length between 1e-75 and 1e75",
        found: "length \(norm)",
        advice: "check the out-of-distribution features for overflow, and scale them towards 1")
    case .tooManyBands(let bands, let classes):
      Diagnosis(
        expected: "at least as many classes as frequency bands", found: "\(classes) classes for \(bands) bands",
        advice: "ask for fewer bands, or select more classes")
    case .biasLength(let expected, let found):
      Diagnosis(
        expected: "a bias of \(expected) numbers, one per classifier row", found: "\(found)",
        advice: "name the bias that belongs to the output head")
    case .rowTooLong(let row, let limit):
      Diagnosis(
        position: "row \(row) of the block", expected: "features of length below \(limit)", found: "a longer row",
        advice: "check for overflow, and scale the numbers towards 1")
    case .noCommonClass(let found):
      Diagnosis(
        expected: "a class that both states have and that meets every condition of the selection", found: found,
        advice: "compare states of one tokenizer, or widen the counts or the list of tokens")
    case .singularValues(let rows, let columns, let status):
      Diagnosis(
        expected: "the singular values of a \(rows)×\(columns) matrix", found: "LAPACK status \(status)",
        advice: "please report this bug, with the two states if you can")
    case .eigensolver(let dimension, let status):
      Diagnosis(
        expected: "the eigenvalues of a \(dimension)×\(dimension) matrix", found: "LAPACK status \(status)",
        advice:
          "leave out the pooled within-class scatter; only \(Statistics.needing(.withinScatter)) need it")
    }
  }
}
