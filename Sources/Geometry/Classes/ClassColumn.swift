import Support

/// One column of a table of classes: a name, and a value a class, nil where it is undefined.
public struct ClassColumn: Sendable, Equatable {
  public let name: String
  public let values: Values

  public enum Values: Sendable, Equatable {
    /// Token ids and counts, none negative.
    case integers([Int?])
    case numbers([Double?])
    case texts([String?])
  }

  public init(_ name: String, _ values: Values) {
    self.name = name
    self.values = values
  }

  /// Its integers; none where it has other values.
  public var integers: [Int?] { if case .integers(let values) = values { values } else { [] } }
  /// Its numbers; none where it has other values.
  public var numbers: [Double?] { if case .numbers(let values) = values { values } else { [] } }
  /// Its texts; none where it has other values.
  public var texts: [String?] { if case .texts(let values) = values { values } else { [] } }

  /// As fields of comma-separated lines: an undefined value is empty, and numbers have the fewest digits that read back
  /// the same.
  var fields: [String] {
    switch values {
    case .integers(let values): values.map { $0?.description ?? "" }
    case .numbers(let values): values.map { $0?.description ?? "" }
    case .texts(let values): values.map { $0.map(CSVField.text) ?? "" }
    }
  }
}
