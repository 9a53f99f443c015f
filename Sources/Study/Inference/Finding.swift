/// How one property relates to the target.
package struct Finding: Sendable, Equatable {
  package let property: Property
  /// One per row of the selection.
  package let values: [Double?]
  /// Number of rows with both values.
  package let n: Int
  /// nil if it is undefined; ``remarks`` say why.
  let correlation: Correlation?
  /// Why it is undefined; nil if it is defined.
  let undefined: String?
  let logSlope: Double?
  let semilogSlope: Double?
  let interval: Bootstrap.Interval?
  package let p: Double?
  package internal(set) var adjustedP: Double?
  package let partial: Double?
  package let partialP: Double?
  package let remarks: [String]
}
