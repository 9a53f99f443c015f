import Geometry
import Storage

/// The table of spectra: comma-separated, after a header line, a row for each eigenvalue.
package enum SpectrumCSV {
  /// The names of its columns. `matrix` is that of the ids of its statistics, such as `between_weighted`; `index` counts
  /// from 1, the largest eigenvalue; `share` is λ/Σλ, and `cumulative` the sum of the shares so far. The shares of a
  /// spectrum that is zero are empty.
  package enum Column: String, CaseIterable, Sendable { case matrix, index, eigenvalue, share, cumulative }

  /// Files of spectra.
  package static let own = OwnFile.csv { $0.map(String.init) == Column.allCases.map(\.rawValue) }

  package static func text(_ spectra: [Spectrum]) -> String {
    var csv = Column.allCases.map(\.rawValue).joined(separator: ",") + "\n"
    for spectrum in spectra {
      let sum = spectrum.sum
      var passed = 0.0
      for (place, value) in spectrum.eigenvalues.enumerated() {
        passed += value
        let shares = sum > 0 ? "\(value / sum),\(passed / sum)" : ","
        csv += "\(spectrum.kind.rawValue),\(place + 1),\(value),\(shares)\n"
      }
    }
    return csv
  }
}
