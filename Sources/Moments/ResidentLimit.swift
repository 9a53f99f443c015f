/// How many class means may be in memory, and where the others are set aside.
public struct ResidentLimit: Sendable, Equatable {
  /// Means in memory at most.
  public var rows: Int
  /// The folder of the scratch file, which is made when first there are more.
  public var folder: String

  public init(rows: Int, folder: String) {
    self.rows = rows
    self.folder = folder
  }
}
