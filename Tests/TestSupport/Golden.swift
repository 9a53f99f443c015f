import Foundation

/// The numbers of a measurement file, by dotted key.
package enum Golden {
  package static func numbers(_ json: [UInt8]) throws -> [String: Double] {
    let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
    var numbers: [String: Double] = [:]
    flatten(object, "", into: &numbers)
    return numbers
  }

  private static func flatten(_ object: [String: Any], _ prefix: String, into numbers: inout [String: Double]) {
    for (key, value) in object {
      if let inner = value as? [String: Any] {
        flatten(inner, prefix + key + ".", into: &numbers)
      } else if let number = value as? Double {
        numbers[prefix + key] = number
      }
    }
  }

  /// |found − expected| / |expected|; infinite if nothing was found.
  package static func deviation(_ found: Double?, _ expected: Double) -> Double {
    guard let found else { return .infinity }
    return found == expected ? 0 : abs(found - expected) / max(abs(expected), .leastNormalMagnitude)
  }
}
