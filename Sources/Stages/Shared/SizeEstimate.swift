import Support

/// Bytes as far as they are known before a run: so many of them for each class, and others whatever the classes.
struct SizeEstimate: Sendable, Equatable {
  let fixed: Int
  let perClass: Int
  let classes: ClassEstimate

  init(fixed: Int, perClass: Int = 0, classes: ClassEstimate = .exactly(0)) {
    (self.fixed, self.perClass, self.classes) = (fixed, perClass, classes)
  }
}

/// Classes as far as they are known before a run.
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

  /// The classes that are in any of some states.
  static func union(_ parts: [ClassEstimate]) -> ClassEstimate {
    if parts.count == 1 { return parts[0] }
    let counts = parts.compactMap(\.most)
    guard counts.count == parts.count else { return .unknown }
    return .atMost(counts.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 })
  }
}

extension SizeEstimate {
  /// In words, of a file.
  var size: String { text("about") }

  /// In words, of memory, which is never all taken at once.
  var memory: String { text("at most") }

  /// In bytes; nil where that is not known.
  var most: Int? { classes.most.map(bytes) }

  private func text(_ exactly: String) -> String {
    switch classes {
    case .exactly(let count): "\(exactly) \(ByteCount.describe(bytes(count)))"
    case .atMost(let count): "at most \(ByteCount.describe(bytes(count))), with \(count) classes"
    case .unknown:
      "\(ByteCount.describe(fixed)) and \(ByteCount.describe(perClass)) a class; grows with the classes seen"
    }
  }

  private func bytes(_ classes: Int) -> Int {
    let (product, overflow) = classes.multipliedReportingOverflow(by: perClass)
    let (sum, beyond) = product.addingReportingOverflow(fixed)
    return overflow || beyond ? .max : sum
  }
}
