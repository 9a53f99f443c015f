import Support

/// Bytes estimated before a run: an amount per class plus a fixed amount.
struct SizeEstimate: Sendable, Equatable {
  let fixed: Int
  let perClass: Int
  let classes: ClassEstimate

}

/// The number of classes, as far as it is known before a run.
enum ClassEstimate: Sendable, Equatable {
  case exactly(Int)
  case atMost(Int)
  case unknown

  var most: Int? {
    switch self {
    case .exactly(let count), .atMost(let count): count
    case .unknown: nil
    }
  }

  /// The classes in the union of several states.
  static func union(_ parts: [ClassEstimate]) -> ClassEstimate {
    if parts.count == 1 { return parts[0] }
    let counts = parts.compactMap(\.most)
    guard counts.count == parts.count else { return .unknown }
    return .atMost(counts.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 })
  }
}

extension SizeEstimate {
  /// The size of a file, in words.
  var size: String { text("about") }

  /// The size of memory, in words; it is never all in use at once.
  var memory: String { text("at most") }

  /// In bytes; nil if unknown.
  var most: Int? { classes.most.map(bytes) }

  private func text(_ exactly: String) -> String {
    switch classes {
    case .exactly(let count): "\(exactly) \(ByteCount.describe(bytes(count)))"
    case .atMost(let count): "at most \(ByteCount.describe(bytes(count))), with \(count) classes"
    case .unknown:
      "\(ByteCount.describe(fixed)) and \(ByteCount.describe(perClass)) per class; grows with the classes seen"
    }
  }

  private func bytes(_ classes: Int) -> Int {
    let (product, overflow) = classes.multipliedReportingOverflow(by: perClass)
    let (sum, beyond) = product.addingReportingOverflow(fixed)
    return overflow || beyond ? .max : sum
  }
}
