/// What a study compares, and how.
public struct StudyOptions: Sendable {
  public var title = "Study"
  /// The formula that properties are compared with.
  public var target = "val_loss"
  /// In the form that ``Property`` reads; empty for the standard ones.
  public var properties: [String] = []
  /// The properties to study if none are named.
  public var standard: [StandardProperty] = []
  /// The column with the names of rows.
  public var nameColumn: String?
  public var selection = Selection()
  /// Columns whose values make groups, each studied separately. Several columns separated by commas make groups that
  /// agree in all of them.
  public var groups: [String] = []
  /// Formulas that the partial correlation controls for, or lists of them separated by commas.
  public var given: [String] = []
  public var permutations = 10_000
  public var bootstrap = 2_000
  public var seed = 0
  /// Whether p is corrected for the number of properties.
  public var holm = false
  public var threads = 1

  public init() {}
}
