import Support
import TestSupport
import Testing

@testable import Engine
@testable import Formats
@testable import Moments
@testable import Stages

@Suite("Memory plan")
struct MemoryPlanTests {
  private let shape = StreamShape(dimension: 4096, scalar: .float16)

  private func plan(
    _ memory: Int?, vocabulary: Int? = nil, within: WithinScatter = .none, lowParts: Bool = false, folder: String = ".",
    moments: SecondMoments = .trace, measures: Bool = false, kept: Int = 0
  ) -> MemoryPlan {
    MemoryPlan(
      memory: memory, scratch: folder, dimension: 4096, keepsLowParts: lowParts, within: within, moments: moments,
      stream: StreamShape(dimension: 4096, scalar: .float16, keptBytes: kept),
      vocabulary: vocabulary, measures: measures)
  }

  @Test("Memory not needed for blocks, buffers and the scatter is for means, which take twice as much with a carry")
  func residents() {
    let one = plan(1 << 30)
    #expect(one.meanBytes == 4096 * 8)
    #expect(one.residentMeans == ((1 << 30) - one.reserve) / (4096 * 8))
    #expect(one.reserve > 2 * shape.blockBytes)
    let carrying = plan(1 << 30, lowParts: true)
    #expect(carrying.residentMeans == one.residentMeans / 2)
    let pooled = plan(1 << 30, within: .pooled)
    #expect(pooled.reserve - one.reserve >= 3 * 4096 * 4096 * 8)
  }

  @Test("Second moments of features take as much as means, and a run that has no room for them is told so")
  func diagonal() throws {
    let (one, diagonal) = (plan(1 << 30), plan(1 << 30, moments: .diagonal))
    #expect(diagonal.meanBytes == 2 * one.meanBytes && diagonal.reserve == one.reserve + 8 << 20)
    #expect(diagonal.residentMeans == ((1 << 30) - diagonal.reserve) / (2 * 4096 * 8))
    #expect(plan(1 << 30, lowParts: true, moments: .diagonal).meanBytes == 3 * one.meanBytes)
    #expect(diagonal.measurable(carryingMeans: true) == diagonal.residentMeans / 3 * 2)
    let words = try plan(1 << 30, vocabulary: 900, moments: .diagonal).description(stream: shape)
    #expect(words.contains("a mean with its second moments takes 64.0 KiB"), "\(words)")
    let error = #expect(throws: MomentsError.self) { try plan(1 << 20, moments: .diagonal).check() }
    #expect(error?.diagnosis.advice.hasSuffix("or leave out --moments diagonal") == true)
  }

  @Test("A vocabulary that fits needs no limit; one that does not fit, or is unknown, has one")
  func limits() {
    let free = plan(1 << 30)
    #expect(plan(1 << 30, vocabulary: free.residentMeans).limit == nil)
    #expect(plan(1 << 30, vocabulary: free.residentMeans + 1, folder: "/s").limit?.rows == free.residentMeans)
    #expect(free.limit?.rows == free.residentMeans)
  }

  @Test("By default it is nine tenths of what the job was given")
  func unbounded() {
    #expect(plan(nil).memory == ResourceLimits.memory / 10 * 9)
  }

  @Test("Too little memory is refused with the exact amount that would suffice")
  func refused() throws {
    let error = #expect(throws: MomentsError.self) { try plan(1 << 20).check() }
    #expect(error?.kind == .outOfMemory)
    let least = plan(1 << 20).reserve + ClassMoments.leastResident(dimension: 4096, within: .none) * 4096 * 8
    try plan(least).check()
    #expect(throws: MomentsError.self) { try plan(least - 1).check() }
    try plan(plan(1 << 20).reserve + 10 * 4096 * 8, vocabulary: 10).check()
  }

  @Test("Large windows of Zstandard reduce the memory for means, and are refused by name if there is no room")
  func windows() throws {
    var shape = shape
    shape.windowBytes = 1 << 28
    func plan(_ memory: Int) -> MemoryPlan {
      MemoryPlan(
        memory: memory, scratch: ".", dimension: 4096, keepsLowParts: false, within: .none, stream: shape,
        vocabulary: nil)
    }
    #expect(plan(1 << 30).reserve == self.plan(1 << 30).reserve + 1 << 28)
    let error = #expect(throws: MomentsError.self) { try plan(1 << 28).check() }
    #expect(error?.diagnosis.expected.contains("large Zstandard windows of the input, which take 256.0 MiB") == true)
    #expect(error?.diagnosis.advice.contains("--memory more, or compress the input again without --long") == true)
  }

  @Test("Large chunks of an input reduce the memory for means, and are refused by name if there is no room")
  func chunks() throws {
    let free = plan(1 << 30)
    #expect(plan(1 << 30, kept: 300 << 20).reserve == free.reserve + (300 << 20))
    for kept in [1 << 30, .max] {
      let error = #expect(throws: MomentsError.self) { try plan(1 << 30, kept: kept).check() }
      #expect(error?.description.contains("and large chunks of the input") == true)
      #expect(error?.description.contains("h5repack") == true)
    }
  }

  @Test("A vocabulary beyond all token ids counts as all of them")
  func largeVocabulary() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: MomentsError.self) {
      try plan(1 << 30, vocabulary: .max, folder: folder.path).check()
    }
    #expect(error?.diagnosis.expected.contains("for 2147483648 means") == true)
  }

  @Test("A timeline needs memory for each class too, and a vocabulary without room for it is refused")
  func measuring() throws {
    let (plain, measuring) = (plan(4 << 30), plan(4 << 30, measures: true))
    // The copy, the centred means and those centred a second time.
    #expect(plain.residentMeans / measuring.residentMeans >= 4)
    #expect(measuring.reserve - plain.reserve >= 3 * 4096 * 4096 * 8)
    #expect(measuring.measurable(carryingMeans: false) == measuring.residentMeans)
    #expect(measuring.measurable(carryingMeans: true) == measuring.residentMeans / 2)
    try plan(4 << 30, vocabulary: measuring.residentMeans, measures: true).check()
    let error = #expect(throws: MomentsError.self) {
      try plan(4 << 30, vocabulary: measuring.residentMeans + 1, measures: true).check()
    }
    #expect(error?.diagnosis.advice == "give --memory more, or leave --measure-every out")
    let words = try plan(4 << 30, vocabulary: 900, measures: true).description(stream: shape)
    #expect(words.contains("each to measure them during the stream: all of them"), "\(words)")
  }

  @Test("The number of means read from scratch follows Zipf's law")
  func moves() {
    // Three classes with 6/11, 3/11 and 2/11 of the rows, the first in memory.
    #expect(abs(MemoryPlan.moves(classes: 3, resident: 1, window: 1) - 5.0 / 11) < 1e-15)
    let two = 2 - (8.0 / 11 * 8 / 11) - (9.0 / 11 * 9 / 11)
    #expect(abs(MemoryPlan.moves(classes: 3, resident: 1, window: 2) - two / 2) < 1e-15)
    #expect(MemoryPlan.moves(classes: 3, resident: 3, window: 5) == 0)
    // A window needs every class that is not in memory at most once.
    #expect(abs(MemoryPlan.moves(classes: 100, resident: 60, window: 1 << 20) * Double(1 << 20) - 40) < 1e-9)
  }

  @Test("The plan says what fits, where the rest goes, and how fast that can be")
  func words() throws {
    let folder = try TemporaryFolder()
    let tight = try plan(1 << 30, vocabulary: 100_000, folder: folder.path).description(stream: shape)
    for part in [
      "a mean takes 32.0 KiB", "of 1.0 GiB", "go to \(folder.path)", "If 100000 classes", "allows at most ", " rows/s",
    ] {
      #expect(tight.contains(part), "\(tight)")
    }
    #expect(try folder.names.isEmpty)
    #expect(try plan(1 << 30, vocabulary: 900).description(stream: shape).hasSuffix("fit in the rest: all of them"))
  }
}
