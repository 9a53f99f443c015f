import Artefacts
import Geometry
import Storage

/// The spectra that `measure --eigenvalues` wrote: the share of each eigenvalue over its rank, on logarithmic axes.
enum SpectrumFigure {
  /// Smaller shares are rounding, and would only stretch the axis.
  private static let least = 1e-12

  /// One spectrum.
  private struct Line {
    let kind: Spectrum.Kind
    let shares: [Double]

    /// The fewest eigenvalues that hold half of the trace.
    var half: Int {
      var passed = 0.0
      let place = shares.firstIndex { share in
        passed += share
        return passed >= 0.5
      }
      return (place ?? shares.count - 1) + 1
    }

    /// There are more spectra than colours of series.
    var colour: FigureColour { kind == .headAll ? .text : .series(Spectrum.Kind.allCases.firstIndex(of: kind) ?? 0) }
  }

  /// Throws ``ReportError`` if the table of the file does not hold spectra.
  static func make(_ table: CSVTable, _ file: String) throws -> Figure {
    let lines = try lines(table, file)
    guard let most = lines.map(\.shares.count).max() else {
      throw bad(file, "eigenvalues of a spectrum that is not zero", "none")
    }
    let columns = lines.map { line in
      let shares = (0..<most).map { place -> Double? in
        place < line.shares.count && line.shares[place] >= least ? line.shares[place] : nil
      }
      return (line.kind.rawValue, shares)
    }
    let halves = lines.map { "\($0.half) for \($0.kind.symbol)" }
    return Figure(
      name: "spectra", title: "Spectra",
      finding: "Eigenvalues that hold half of the trace: \(halves.joined(separator: ", ")).",
      x: .init(label: "rank of the eigenvalue", isLogarithmic: true), y: .init(label: "λ / Σλ", isLogarithmic: true),
      data: FigureData([("index", (1...most).map { Double($0) })] + columns),
      layers: lines.map {
        .init(shape: .line(x: "index", y: $0.kind.rawValue), colour: $0.colour, label: $0.kind.symbol)
      })
  }

  private static func lines(_ table: CSVTable, _ file: String) throws -> [Line] {
    typealias Column = SpectrumCSV.Column
    guard table.columns == Column.allCases.map(\.rawValue), let values = try table.numbers(Column.share.rawValue) else {
      throw bad(
        file, "the columns \(Column.allCases.map(\.rawValue).joined(separator: ", "))",
        "the columns \(table.columns.prefix(20).joined(separator: ", "))")
    }
    var shares: [Spectrum.Kind: [Double]] = [:]
    var row = 0
    _ = try table.forEach(in: Column.matrix.rawValue) { name in
      let share = values[row]
      guard let kind = Spectrum.Kind(rawValue: name), share.map({ (0...1.000_001).contains($0) }) ?? true else {
        throw bad(
          try table.place(row: row, column: Column.matrix.rawValue), "a spectrum, and a share from 0 to 1",
          try table.row(row).joined(separator: ",").prefix(80).description)
      }
      if let share { shares[kind, default: []].append(share) }
      row += 1
    }
    return Spectrum.Kind.allCases.compactMap { kind in shares[kind].map { Line(kind: kind, shares: $0) } }
  }

  private static func bad(_ file: String, _ expected: String, _ found: String) -> ReportError {
    ReportError(
      file: file, expected: expected, found: found, advice: "name a file that measure wrote with --eigenvalues")
  }
}
