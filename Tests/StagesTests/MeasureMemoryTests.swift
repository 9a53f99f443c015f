import Testing

@testable import Geometry
@testable import Stages

@Suite("What measuring needs in memory")
struct MeasureMemoryTests {
  private func need(hasSpectra: Bool, hasClassifier: Bool, within: Bool) -> Int {
    var options = GeometryOptions()
    options.hasSpectra = hasSpectra
    return MeasureMemory(
      dimension: 1000, keepsLowParts: false, within: within ? .pooled : .none, hasClassifier: hasClassifier,
      hasTokenizer: false, options: options
    ).need(classes: 50, selected: 50, largestGroup: nil, threshold: 0).total
  }

  @Test("What stays in memory while parts are merged is planned for beside the merge, not in its place")
  func merging() throws {
    let memory = MeasureMemory(
      dimension: 8, keepsLowParts: false, within: .pooled, hasClassifier: false, hasTokenizer: false,
      options: GeometryOptions())
    func total(decisions: Int) throws -> Int {
      var need = memory.need(classes: 50, selected: 50, largestGroup: nil, threshold: 0)
      var kept = MemoryNeed()
      kept.add(decisions, for: "decisions")
      need.add(decisions, for: "decisions")
      let plan = try memory.merging(16, classes: 50, kept: kept, &need)
      kept.add(plan.byteCount, for: "merging")
      #expect(need.total >= kept.total)
      return need.total
    }
    let few = try total(decisions: 0)
    #expect(try total(decisions: 1 << 30) == few + (1 << 30))
    #expect(try total(decisions: .max) == .max)
  }

  @Test("Spectra are planned: matrices of d × d, and those of the whole head, if they exceed what is needed anyway")
  func spectra() {
    let matrix = 8_000_000
    for (hasClassifier, within) in [(false, false), (true, false), (true, true)] {
      let (plain, more) = (
        need(hasSpectra: false, hasClassifier: hasClassifier, within: within),
        need(hasSpectra: true, hasClassifier: hasClassifier, within: within)
      )
      #expect(more - plain >= (hasClassifier ? 2 : 0) * matrix + (within ? 0 : 5 * matrix))
      #expect(more - plain <= 12 * matrix)
    }
  }
}
