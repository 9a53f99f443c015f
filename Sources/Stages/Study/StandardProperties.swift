import Geometry
import Study

extension [StandardProperty] {
  /// The seven properties of Table 1 of Wu & Papyan 2024, in the columns of the authors' table and of our measurements.
  static let ofThePaper = Statistics.entries.flatMap { entry in
    entry.properties.map { StandardProperty($0.name, formulas: entry.formulas($0)) }
  }
}
