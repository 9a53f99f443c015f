import TestSupport
import Testing

@testable import Study

@Suite("The bootstrap")
struct BootstrapTests {
  private func normal(_ random: inout SeededGenerator) -> Double {
    // The sum of twelve uniform numbers has variance 1.
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
  }

  @Test("The interval of r covers the true correlation of normal samples about 95 times in 100")
  func coverage() throws {
    let (studies, samples, rho) = (250, 60, 0.6)
    var random = SeededGenerator(7)
    var (covered, coveredSquares) = (0, 0)
    for study in 0..<studies {
      let x = (0..<samples).map { _ in normal(&random) }
      let y = x.map { rho * $0 + (1 - rho * rho).squareRoot() * normal(&random) }
      let interval = try #require(try Bootstrap(resamples: 250, seed: UInt64(study), threads: 2).interval(x, y))
      if interval.r.contains(rho) { covered += 1 }
      if interval.r2.contains(rho * rho) { coveredSquares += 1 }
    }
    // With 60 samples, percentiles fall slightly short of 95 %; four standard errors are 5.5 %.
    for count in [covered, coveredSquares] {
      #expect((0.88...0.99).contains(Double(count) / Double(studies)), "\(count)")
    }
  }

  @Test("No number of threads changes a bit; a seed does")
  func threads() throws {
    let (x, y) = ([3.0, 1, 4, 1, 5, 9, 2, 6], [2.0, 7, 1, 8, 2, 8, 1, 8])
    func interval(_ seed: UInt64, _ threads: Int) throws -> Bootstrap.Interval? {
      try Bootstrap(resamples: 1_000, seed: seed, threads: threads).interval(x, y)
    }
    #expect(try interval(0, 1) == interval(0, 2) && interval(0, 1) == interval(0, 7))
    #expect(try interval(0, 1) != interval(1, 1))
  }

  @Test("Resamples without r are left out and counted")
  func degenerate() throws {
    let interval = try #require(try Bootstrap(resamples: 2_000, seed: 0, threads: 1).interval([1, 2, 3], [1, 2, 3]))
    #expect(abs(interval.r.lowerBound - 1) < 1e-14 && abs(interval.r2.upperBound - 1) < 1e-14)
    // All three draws are the same: one in nine.
    #expect((150...300).contains(interval.undefined))
  }

  @Test("Percentiles are interpolated linearly between neighbours")
  func percentiles() {
    #expect(Bootstrap.percentile([1, 2, 4], 0.5) == 2)
    #expect(Bootstrap.percentile([1, 2, 4], 0.75) == 3)
    #expect(Bootstrap.percentile([1, 2, 4], 1) == 4)
    #expect(Bootstrap.percentile([7], 0.3) == 7)
  }
}
