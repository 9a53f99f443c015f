import Geometry
import Study

extension [StandardProperty] {
  /// The seven properties of Table 1 of Wu & Papyan 2024, in the columns of the authors' tables and of our measurements.
  static let ofThePaper = Statistics.entries.flatMap { entry in
    entry.properties.map { property in
      StandardProperty(
        property.name,
        formulas: [
          .init(property.authors), .init(property.later, remark: property.remark), .init(entry.formula(property)),
        ])
    }
  }
}
