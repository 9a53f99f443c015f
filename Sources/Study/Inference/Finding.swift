/// How one property goes together with the target.
public struct Finding: Sendable, Equatable {
  public let property: Property
  /// One a row of the selection.
  public let values: [Double?]
  /// Rows that have both.
  public let n: Int
  /// nil where it is undefined; ``remarks`` say why.
  let correlation: Correlation?
  /// Why it is undefined; nil where it is not.
  let undefined: String?
  let logSlope: Double?
  let semilogSlope: Double?
  let interval: Bootstrap.Interval?
  public let p: Double?
  public internal(set) var adjustedP: Double?
  public let partial: Double?
  public let partialP: Double?
  public let remarks: [String]
}
