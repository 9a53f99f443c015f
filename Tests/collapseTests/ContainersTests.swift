import Foundation
import TestSupport
import Testing

/// The container of the samples makes no difference.
@Suite("Any container")
struct ContainersTests {
  private static let fixtures = Places.root.appendingPathComponent("Tests/FormatsTests/Fixtures").path
  private static let containers = [
    "samples.npy.zst", "contiguous.h5", "deflate-shuffle-fletcher32.h5", "lzf-shuffle.h5", "zstd-shuffle.h5",
    "scaleoffset.h5", "groups.h5", "samples.safetensors", "model.safetensors.index.json",
  ]

  private func state(_ folder: TemporaryFolder, _ arguments: [String]) throws -> (bytes: [UInt8], errors: String) {
    let result = try Tool.run(
      Places.tool, ["accumulate"] + arguments + ["--within", "pooled", "--output", folder.file("state.h5")])
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return (try folder.read("state.h5"), result.errors)
  }

  @Test("The same samples give the same state, byte for byte")
  func states() throws {
    let folder = try TemporaryFolder()
    let expected = try state(folder, [Self.fixtures + "/samples.npy"]).bytes
    for container in Self.containers {
      let (bytes, errors) = try state(folder, [Self.fixtures + "/" + container])
      #expect(bytes == expected, "\(container)")
      #expect(errors.contains("HDF5 library alone") == (container == "scaleoffset.h5"), "\(errors)")
    }
    let names = ["--labels", "tokens", "--features", "hidden", "--predictions", "chosen"]
    #expect(try state(folder, [Self.fixtures + "/named.h5"] + names).bytes == expected)
  }

  @Test("The HDF5 file of the example is the same as its streams", .enabled(if: Places.hasShared))
  func example() throws {
    let folder = try TemporaryFolder()
    let expected = try state(folder, [Places.shared + "/train-*.npy.zst"]).bytes
    #expect(try state(folder, [Places.shared + "/train.h5"]).bytes == expected)
    #expect(try state(folder, [Places.shared + "/train.h5", "--threads", "1"]).bytes == expected)
  }

  @Test("A pipeline names datasets, and another name makes its stages run again")
  func pipeline() throws {
    let folder = try TemporaryFolder()
    func run(_ labels: String) throws -> Tool.Result {
      let file = try folder.write(
        "p.yaml",
        text: """
          name: p
          parameters: { out: \(folder.path) }
          stages:
            train: { uses: read, files: \(Self.fixtures)/named.h5, labels: \(labels), features: hidden }
            moments: { uses: accumulate, from: train }
          """)
      return try Tool.run(Places.tool, ["run", file])
    }
    #expect(try run("tokens").status == 0)
    #expect(try run("tokens").errors.contains("up to date"))
    let other = try run("chosen")
    #expect(other.status == 0 && other.errors.contains("labels"), "\(other.errors)")
  }

  @Test("inspect lists the streams")
  func inspect() throws {
    let result = try Tool.collapse("inspect", Self.fixtures + "/groups.h5", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    for fact in ["embedding stream (HDF5)", "\"rows\": 150", "/sequences/11/features"] {
      #expect(result.text.contains(fact), "\(result.text)")
    }
  }
}
