extension Int {
  /// The integer part of a number; the nearest `Int` if there is none, and 0 for NaN.
  package init(saturating number: Double) {
    if let exact = Int(exactly: number.rounded(.towardZero)) {
      self = exact
    } else {
      self = number.isNaN ? 0 : number < 0 ? .min : .max
    }
  }

  /// The sum of sizes, which may be as large as sparse files claim; the largest `Int` if it has none.
  package static func saturatingSum(_ sizes: some Sequence<Int>) -> Int {
    sizes.reduce(0) { sum, size in
      let (next, overflow) = sum.addingReportingOverflow(size)
      return overflow ? .max : next
    }
  }
}
