import Testing

@testable import Pipeline

@Suite("Stage kinds")
struct StageKindTests {
  @Test("Every kind reads, takes a stream, or makes an artefact, and so can be run")
  func runnable() {
    for kind in StageKinds.all {
      let ways = [kind is ReadStage.Type, kind is any StreamTakingStage.Type, kind is any ArtefactStage.Type]
      #expect(ways.count { $0 } == 1, "\(kind.name)")
    }
  }

  @Test("Kinds and the options of each have names of their own, and a line of help")
  func named() {
    #expect(Set(StageKinds.all.map { $0.name }).count == StageKinds.all.count)
    for kind in StageKinds.all {
      #expect(Set(kind.options.map(\.name)).count == kind.options.count)
      #expect(!kind.summary.isEmpty && kind.options.allSatisfy { !$0.help.isEmpty })
    }
  }

  @Test("A kind that makes a file says how its name ends")
  func endings() {
    for kind in StageKinds.all { #expect((kind.fileExtension == nil) == (kind.product == .stream), "\(kind.name)") }
  }
}
