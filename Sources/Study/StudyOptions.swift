/// What a study looks at, and how.
public struct StudyOptions: Sendable {
  public var title = "Study"
  /// The formula that properties are set against.
  public var target = "val_loss"
  /// As ``Property`` reads them; none are the standard ones.
  public var properties: [String] = []
  /// What is studied where no properties are named.
  public var standard: [StandardProperty] = []
  /// The column that says what rows are called.
  public var nameColumn: String?
  public var selection = Selection()
  /// Columns whose values make groups, each studied too; several with commas between them make groups of what they have in
  /// common.
  public var groups: [String] = []
  /// Formulas whose part in both is taken out for the partial correlation.
  public var given: [String] = []
  public var permutations = 10_000
  public var bootstrap = 2_000
  public var seed = 0
  /// Whether p is corrected for the number of properties.
  public var holm = false
  public var threads = 1

  public init() {}
}
