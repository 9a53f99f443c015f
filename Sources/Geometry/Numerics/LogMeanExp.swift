import Foundation

/// log of the mean of eˣ, for x whose exponentials overflow. Two of them can be merged.
struct LogMeanExp: Sendable, Equatable {
  private var count = 0
  private var largest = -Double.infinity
  /// Σ e^(x − largest).
  private var sum = 0.0

  init() {}

  init(_ values: [Double]) {
    guard let largest = values.max() else { return }
    count = values.count
    self.largest = largest
    sum = values.reduce(0) { $0 + exp($1 - largest) }
  }

  mutating func merge(_ other: LogMeanExp) {
    guard other.count > 0 else { return }
    let most = max(largest, other.largest)
    sum = (count > 0 ? sum * exp(largest - most) : 0) + other.sum * exp(other.largest - most)
    largest = most
    count += other.count
  }

  /// Nil without values.
  var value: Double? { count > 0 ? largest + log(sum / Double(count)) : nil }
}
