import Foundation
import TestSupport
import Testing

@testable import Geometry
@testable import Moments

@Suite("What collapse can still reach above d + 1 classes")
struct FloorTests {
  private static let ids = ["nc2_interference", "nc2_etf_error", "nc3_dual_error", "head_etf_error"]

  /// The numbers with a floor, and their floors, of these means with themselves as the classifier.
  private func found(_ means: [[Double]]) throws -> [(id: String, number: Double, floor: Double)] {
    let measures = try MomentsTable(means: means).measure(classifier: means)
    return try Self.ids.map { id in
      let measurement = try #require(measures[id])
      let part = try #require(measurement.entry.floor).part
      return (
        id, try #require(measurement.number(part)),
        try #require(measurement.entry.floor(classes: means.count, dimension: means[0].count))
      )
    }
  }

  /// The formulas of the literature, with their differences of terms.
  private func formulas(_ classes: Int, _ dimension: Int) -> [Double] {
    let (k, d) = (Double(classes), Double(dimension))
    let frame = (2 - 2 * (d / (k - 1)).squareRoot()).squareRoot()
    return [((k - d) / (d * (k - 1)) - 1 / ((k - 1) * (k - 1))).squareRoot(), frame, frame, frame]
  }

  /// A tight frame of unit vectors that add up to zero: cosines and sines of the first d/2 frequencies.
  private func harmonic(_ classes: Int, _ dimension: Int) -> [[Double]] {
    let scale = (2 / Double(dimension)).squareRoot()
    return (0..<classes).map { row in
      (1...dimension / 2).flatMap { frequency -> [Double] in
        let angle = 2 * .pi * Double(frequency * row % classes) / Double(classes)
        return [scale * cos(angle), scale * sin(angle)]
      }
    }
  }

  @Test("Harmonic frames reach all floors", arguments: [(4, 2), (7, 4), (11, 8), (50, 6), (300, 10)])
  func harmonicFrames(classes: Int, dimension: Int) throws {
    let found = try found(harmonic(classes, dimension))
    for (found, formula) in zip(found, formulas(classes, dimension)) {
      #expect(abs(found.number - found.floor) < 1e-12, "\(found)")
      #expect(abs(found.floor - formula) < 1e-12, "\(found)")
    }
  }

  @Test("Axes in both directions reach all floors, and so do repeated simplices", arguments: [2, 3, 8])
  func others(dimension: Int) throws {
    let axes = unitVectors(dimension)
    // The corners of a simplex in d dimensions: the axes, and one more at equal distance from them.
    let corner = (1 - (Double(dimension) + 1).squareRoot()) / Double(dimension)
    let corners = axes + [Array(repeating: corner, count: dimension)]
    let centre = (0..<dimension).map { column in corners.reduce(0) { $0 + $1[column] } / Double(corners.count) }
    let simplex = corners.map { zip($0, centre).map { $0 - $1 } }
    for frame in [axes + axes.map { $0.map { -$0 } }, simplex + simplex, simplex + simplex + simplex] {
      for found in try found(frame) { #expect(abs(found.number - found.floor) < 1e-12, "\(found)") }
    }
  }

  @Test("Opposite directions stay above the floors, and any means above those of the distances", arguments: 1...20)
  func random(seed: Int) throws {
    var generator = SeededGenerator(seed)
    let (pairs, d) = (Int.random(in: 5...40, using: &generator), Int.random(in: 1...8, using: &generator))
    let half = (0..<pairs).map { _ -> [Double] in
      let vector = (0..<d).map { _ in generator.normal() }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / norm }
    }
    for found in try found(half + half.map { $0.map { -$0 } }) {
      #expect(found.number >= found.floor - 1e-12, "\(found)")
    }
    let stretched = half.map { vector in vector.map { $0 * Double.random(in: 0.1...3, using: &generator) } }
    guard pairs > d + 1 else { return }
    for found in try found(stretched).dropFirst() { #expect(found.number >= found.floor - 1e-12, "\(found)") }
  }

  @Test("Only directions that add up to zero have the floor of interference: one class may outweigh the others")
  func unequalNorms() throws {
    let interference = try found([[39]] + Array(repeating: [-1.0], count: 39))[0]
    #expect(abs(interference.number - (1 - 0.9 * 0.9).squareRoot()) < 1e-12 && interference.floor > 0.99)
  }

  @Test("Up to d + 1 classes, the floor is what the words say; above, the words have its number")
  func words() throws {
    let (interference, frame) = (Interference.entry, SimplexError.entry)
    #expect(interference.floor(classes: 5, dimension: 4) == nil && frame.floor(classes: 1, dimension: 4) == nil)
    #expect(
      interference.floor(classes: .max, dimension: 0) == nil && interference.floor(classes: 0, dimension: 1) == nil)
    #expect(Equinormness.norm.floor(classes: 100, dimension: 2) == nil)
    #expect(interference.underCollapse(classes: 5, dimension: 4) == interference.underCollapse)
    #expect(interference.underCollapse(classes: nil, dimension: 4) == interference.underCollapse)
    #expect(interference.underCollapse(classes: 4, dimension: 2) == "→ −1/(K−1), std → 0.471")
    #expect(frame.underCollapse(classes: 4, dimension: 2) == "→ 0.606")
    #expect(DualError.entry.underCollapse(classes: 4, dimension: 2) == "→ 0.606")
  }
}
