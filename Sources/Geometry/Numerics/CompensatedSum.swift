/// A sum of doubles that carries the rounding error of each addition along: Neumaier's variant of Kahan summation.
///
/// `head + tail` is the sum to about twice the precision of a double, so features with a large common offset leave no
/// trace in what is subtracted from them.
///
/// - Source: Neumaier 1974.
struct CompensatedSum {
  private(set) var head = 0.0
  private(set) var tail = 0.0

  mutating func add(_ value: Double) {
    let sum = head + value
    tail += head.magnitude >= value.magnitude ? (head - sum) + value : (value - sum) + head
    head = sum
  }

  /// Adds weight × value with the product's rounding error.
  mutating func add(_ value: Double, times weight: Double) {
    let product = weight * value
    add(product)
    tail += (-product).addingProduct(weight, value)
  }

  var value: Double { head + tail }

  /// The sum divided by `count`, again as a head and the tail that rounding cut off.
  func divided(by count: Double) -> (head: Double, tail: Double) {
    let quotient = value / count
    return (quotient, (head.addingProduct(-quotient, count) + tail) / count)
  }
}
