import Foundation
import Storage
import TestSupport
import Testing

@testable import NeuralCollapse

@Suite("Messages of lower modules in NeuralCollapse")
struct WordsTests {
  /// Flags of other programs, flags without a counterpart here, such as those that let outputs replace more (the library
  /// has no rules for that), and the start of one that is completed at run time.
  private static let others: Set<String> = [
    "allow-outputs", "classes", "force", "classifier-rows", "include", "high", "long", "low", "mem", "raw", "restart",
    "sequence", "set", "ultra",
  ]

  private func translated(_ advice: String) -> String {
    CollapseError(StreamError(.unreadable, expected: "a", found: "b", advice: advice)).advice
  }

  @Test("Every option named by a lower module is replaced by a parameter")
  func everyFlag() throws {
    var found: Set<String> = []
    for module in ["Support", "Samples", "Storage", "HDF5", "Formats", "Moments", "Geometry", "Artefacts"] {
      let folder = Places.root.appendingPathComponent("Sources/\(module)")
      let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
          for match in line.matches(of: /--([a-z][a-z0-9-]*[a-z0-9])/) { found.insert(String(match.1)) }
        }
      }
    }
    #expect(found.isSuperset(of: ["labels", "nonfinite", "token-type"]))
    for flag in found.subtracting(Self.others) {
      #expect(!translated("give --\(flag) here").contains("--"), "\(flag)")
    }
  }

  @Test("Flags with values become parameters with values")
  func values() {
    #expect(translated("--nonfinite skip leaves them out") == "`nonfinite: .skip` leaves them out")
    #expect(translated("say so with --bf16") == "say so with `bfloat16Bits: true`")
    #expect(translated("--token-type uint16 or uint32") == "`integers: .uint16` or uint32")
    #expect(translated("say so: --ignore -100") == "say so: `ignored: [-100]`")
    #expect(translated("say which with --labels and --features") == "say which with `labels` and `features`")
    #expect(translated("--sequence-length 12") == "`sequences: .length(12)`")
    #expect(translated("give --sequence-length, or --end-of-text") == "give `sequences: .length`, or `endOfText`")
    #expect(translated("git lfs pull --include a.npy") == "git lfs pull --include a.npy")
  }
}
