import Testing

@testable import Engine
@testable import Plan
@testable import Stages

@Suite("Stage kinds")
struct StageKindTests {
  @Test("Every kind reads, transforms or consumes a stream, or makes an artefact, and so can run")
  func runnable() {
    for kind in StageKinds.all {
      let ways = [
        kind is ReadStage.Type, kind is any TransformStage.Type, kind is any StreamTakingStage.Type,
        kind is any ArtefactStage.Type,
      ]
      // count takes a stream or files.
      #expect(ways.count { $0 } == (kind is CountStage.Type ? 2 : 1), "\(kind.name)")
    }
  }

  @Test("Kinds have distinct names, options have distinct names within a kind, and each has a line of help")
  func named() {
    #expect(Set(StageKinds.all.map { $0.name }).count == StageKinds.all.count)
    for kind in StageKinds.all {
      #expect(Set(kind.options.map(\.name)).count == kind.options.count)
      #expect(!kind.summary.isEmpty && kind.options.allSatisfy { !$0.help.isEmpty })
    }
  }

  @Test("A kind that makes a file declares its extension")
  func endings() {
    for kind in StageKinds.all { #expect((kind.fileExtension == nil) == (kind.product == .stream), "\(kind.name)") }
  }

  @Test("A side output that a kind takes is made by another, and an option next to its stage names it")
  func sideFiles() {
    let made = Set(StageKinds.all.flatMap { $0.sideOutputs.map(\.name) })
    for kind in StageKinds.all {
      let options = Set(kind.options.map(\.name))
      for input in kind.sideInputs {
        #expect(made.contains(input.name) && options.isSuperset(of: [input.name, input.option]), "\(kind.name)")
      }
    }
  }

  @Test("Shards of a kind are merged by a kind that takes a list of its artefacts, and makes the same")
  func merging() {
    let split = StageKinds.all.filter { kind in kind.options.contains { $0.name == ShardOptions.options[0].name } }
    #expect(split.count == 2)
    for kind in split {
      guard let (merging, option) = kind.mergedBy, let spec = merging.options.first(where: { $0.name == option }) else {
        Issue.record("\(kind.name) has none")
        continue
      }
      #expect(merging.product == kind.product && spec.isList && spec.needs == kind.product, "\(kind.name)")
    }
  }

  /// Texts that fit a type, and texts that do not.
  private func samples(_ type: OptionType) -> (good: [String], bad: [String]) {
    switch type {
    case .text, .file, .array, .reference: (["x"], [])
    case .output, .folder: (["x"], [""])
    case .count(let least, let most):
      (
        ["\(least)", "7"] + (most < .max ? ["\(most)"] : []),
        ["\(least - 1)", "x", "1.5", "true"] + (most < .max ? ["\(most + 1)"] : [])
      )
    case .rows: (["0", "0-9", "7-7"], ["x", "-1", "3-2", "1-", "1-2-3"])
    case .amount(let least, let most): (["\(least)", "1e6", "\(most)"], ["\(least - 1)", "x", "1.5", "\(most + 1)"])
    case .integer: (["0", "-100", "7"], ["x", "1.5", ""])
    case .bytes, .rate: (["1B", "4GiB", "1.5 GB"], ["0", "1", "-1", "x", "4XB"])
    case .interval: (["10s", "5min", "off"], ["0", "-1s", "x", "1y"])
    case .flag: (["true", "false"], ["1", "yes", ""])
    case .choice(let names): (names, ["x", ""])
    }
  }

  @Test("Every option decodes values of the type it declares, and nothing else")
  func types() {
    for kind in StageKinds.all {
      for spec in kind.options {
        let samples = samples(spec.type)
        func complaints(_ text: String) -> [Problem] {
          let place = SourcePosition.option("--\(spec.name)")
          var decoder = OptionDecoder(
            StageDescription(
              name: "s", kind: Located(kind.name, .option("kind")),
              options: [spec.name: .init(place, [Located(text, place)])]), kind.options)
          _ = kind.init(decoding: &decoder)
          // Complaints about the value, not about an option that it needs.
          return decoder.problems.filter {
            $0.place == place && $0.message.contains("expected") && $0.message.contains("found")
              && !$0.message.hasSuffix("found none")
          }
        }
        for text in samples.good { #expect(complaints(text).isEmpty, "\(kind.name) \(spec.name) “\(text)”") }
        for text in samples.bad { #expect(complaints(text).count == 1, "\(kind.name) \(spec.name) “\(text)”") }
      }
    }
  }
}
