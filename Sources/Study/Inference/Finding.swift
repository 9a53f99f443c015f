/// How one property relates to the target.
public struct Finding: Sendable, Equatable {
  public let property: Property
  /// One per row of the selection.
  public let values: [Double?]
  /// Number of rows with both values.
  public let n: Int
  /// nil if it is undefined; ``remarks`` say why.
  let correlation: Correlation?
  /// Why it is undefined; nil if it is defined.
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
