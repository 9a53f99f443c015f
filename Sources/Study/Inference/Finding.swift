/// How one property relates to the target.
package struct Finding: Sendable, Equatable {
  package let property: Property
  /// One per row of the selection.
  package let values: [Double?]
  /// The length of each row's error bar; nil if there is none to draw.
  let bars: [Double?]
  /// Number of rows with both values, and in a weighted study with a positive standard error.
  package let n: Int
  /// In a weighted study, how many models of equal weight would be as informative; nil in any other.
  let weighted: Weighted?
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

  struct Weighted: Sendable, Equatable {
    /// Nil if no row has a weight.
    let effectiveCount: Double?
  }
}
