import Foundation
import Testing

@testable import Geometry

@Suite("Numbers of a spectrum")
struct SpectrumTests {
  private func spectrum(_ values: [Double]) -> Spectrum { Spectrum(.within, ascending: values.reversed()) }

  @Test("Equal eigenvalues count each as one direction; one alone counts as one")
  func extremes() throws {
    let even = spectrum([Double](repeating: 3e-140, count: 7))
    let counts = [even.participationRatio, even.stableRank, even.effectiveRank]
    for count in counts { #expect(deviation(count, 7) < 1e-14) }
    #expect(deviation(even.topShare, 1.0 / 7) < 1e-14 && deviation(even.isoscore, 1) < 1e-14)
    let single = spectrum([5, 0, 0, 0])
    #expect(single.participationRatio == 1 && single.stableRank == 1 && single.effectiveRank == 1)
    #expect(single.topShare == 1 && single.isoscore == 0 && single.rank == 1)
  }

  @Test("They agree with their definitions: isoscore as published, from δ")
  func definitions() throws {
    let values = [9.0, 4, 2.5, 1, 0.25]
    let (sum, d) = (values.reduce(0, +), 5.0)
    let found = spectrum(values)
    #expect(deviation(found.participationRatio, sum * sum / values.reduce(0) { $0 + $1 * $1 }) < 1e-15)
    let entropy = values.reduce(0) { $0 - $1 / sum * log($1 / sum) }
    #expect(deviation(found.effectiveRank, exp(entropy)) < 1e-14)
    let length = norm(values)
    let delta = norm(values.map { d.squareRoot() * $0 / length - 1 }) / (2 * (d - d.squareRoot())).squareRoot()
    let square = d - delta * delta * (d - d.squareRoot())
    #expect(deviation(found.isoscore, (square * square - d) / (d * (d - 1))) < 1e-13)
  }

  @Test("Alpha is the power of a power law, and needs twenty eigenvalues above rounding from the eleventh on")
  func alpha() throws {
    func law(_ count: Int) -> [Double] { (1...count).map { 7 * pow(Double($0), -1.7) } }
    #expect(deviation(spectrum(law(30)).alpha, 1.7) < 1e-12)
    #expect(deviation(spectrum(law(300)).alpha, 1.7) < 1e-12)
    #expect(spectrum(law(29)).alpha == nil)
    #expect(spectrum(law(29) + [1e-20, 1e-20]).alpha == nil)
  }

  @Test("Eigenvalues that rounding made negative count as zero; a spectrum of zeros has no numbers")
  func zero() {
    #expect(spectrum([1, -1e-17]).eigenvalues == [1, 0])
    let none = spectrum([0, 0])
    for value in [
      none.participationRatio, none.stableRank, none.topShare, none.effectiveRank, none.alpha, none.isoscore,
    ] {
      #expect(value == nil)
    }
    #expect(spectrum([2]).isoscore == nil && spectrum([2]).participationRatio == 1)
  }

  @Test("The published offset is added to each share")
  func offset() {
    let shares = [0.75 + 1e-7, 0.25 + 1e-7, 1e-7]
    let expected = exp(shares.reduce(0) { $0 - $1 * log($1) })
    #expect(deviation(Spectrum.perplexity(of: [3, 1, 0], offset: 1e-7), expected) < 1e-15)
  }
}
