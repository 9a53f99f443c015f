/// A sum of doubles that keeps the rounding error of each addition: Neumaier's variant of Kahan summation.
///
/// `head + tail` is the sum to about twice the precision of a double. Subtracting it from features with a large common
/// offset therefore loses no digits.
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

  /// Adds weight × value, including the rounding error of the product.
  mutating func add(_ value: Double, times weight: Double) {
    let product = weight * value
    add(product)
    tail += (-product).addingProduct(weight, value)
  }

  /// Adds another sum, including its rounding errors.
  mutating func add(_ other: CompensatedSum) {
    add(other.head)
    tail += other.tail
  }

  var value: Double { head + tail }

  /// The sum divided by `count`, again as a head and a tail.
  func divided(by count: Double) -> (head: Double, tail: Double) {
    let quotient = value / count
    return (quotient, (head.addingProduct(-quotient, count) + tail) / count)
  }
}
