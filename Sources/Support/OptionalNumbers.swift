/// Numbers of which some are undefined, in eight bytes each.
package struct OptionalNumbers: RandomAccessCollection, Sendable {
  private var numbers: [Double] = []

  /// Stands for an undefined number. No computation gives this NaN.
  private static let undefined: UInt64 = 0x7FF9_C0DE_C0DE_C0DE

  package init(capacity: Int = 0) { numbers.reserveCapacity(capacity) }

  package init(_ numbers: some Collection<Double?>) {
    self.init(capacity: numbers.count)
    for number in numbers { append(number) }
  }

  /// - Parameter numbers: undefined where they are NaN.
  package init(definedIn numbers: [Double]) {
    self.numbers = numbers
    for place in numbers.indices where numbers[place].isNaN { self.numbers[place] = Double(bitPattern: Self.undefined) }
  }

  package mutating func append(_ number: Double?) { numbers.append(number ?? Double(bitPattern: Self.undefined)) }

  package var startIndex: Int { 0 }
  package var endIndex: Int { numbers.count }

  package subscript(index: Int) -> Double? {
    let number = numbers[index]
    return number.bitPattern == Self.undefined ? nil : number
  }
}

extension OptionalNumbers: Equatable {
  package static func == (a: Self, b: Self) -> Bool { a.elementsEqual(b) }
}

extension OptionalNumbers: ExpressibleByArrayLiteral {
  package init(arrayLiteral numbers: Double?...) { self.init(numbers) }
}
