/// What a study compares, and how.
package struct StudyOptions: Sendable {
  package var title = "Study"
  /// The formula that properties are compared with.
  package var target = "val_loss"
  /// In the form that ``Property`` reads; empty for the standard ones.
  package var properties: [String] = []
  /// The properties to study if none are named.
  package var standard: [StandardProperty] = []
  /// The column with the names of rows.
  package var nameColumn: String?
  package var selection = Selection()
  /// Whether models are weighted by 1/variance of their property.
  package var isWeighted = false
  /// Columns whose values make groups, each studied separately. Several columns separated by commas make groups that
  /// agree in all of them.
  package var groups: [String] = []
  /// Formulas that the partial correlation controls for, or lists of them separated by commas.
  package var given: [String] = []
  package var permutations = 10_000
  package var bootstrap = 2_000
  package var seed = 0
  /// Whether p is corrected for the number of properties.
  package var holm = false
  package var threads = 1
  /// What becomes of the numbers in a column, by its name, if all features are doubled. Other columns stay the same.
  package var doubling: [String: @Sendable (Double) -> Double] = [:]

  package init() {}
}
