import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Plan
@testable import Stages

@Suite("Options of read")
struct ReadStageTests {
  private func stage(_ files: [String], rows: String? = nil) -> ReadStage {
    var description = StageDescription(name: "r", kind: Located("read", .option("read")))
    for (name, values) in ["files": files, "rows": rows.map { [$0] } ?? []] where !values.isEmpty {
      description.options[name] = .init(.option("--\(name)"), values.map { Located($0, .option("--\(name)")) })
    }
    var decoder = OptionDecoder(description, ReadStage.options)
    return ReadStage(decoding: &decoder)
  }

  private func most(_ files: String..., rows: String? = nil) throws -> Int? {
    let stage = stage(files, rows: rows)
    return try stage.maximumRows(stage.inputs(), dimension: 4)
  }

  @Test("Plain files have at most as many rows as fit in their bytes, at two bytes a feature, or as were requested")
  func plain() throws {
    let folder = try TemporaryFolder()
    let batch = NPY.batch([1, 2, 3], [Float](repeating: 1, count: 12), dimension: 4)
    let (a, b) = (try folder.write("a.npy", batch), try folder.write("b.npy", batch + batch))
    #expect(try most(a) == batch.count / 8)
    #expect(try most(a, b) == 3 * batch.count / 8)
    #expect(try most(a, rows: "5-6") == 2)
    #expect(try most(a, rows: "0-999999") == batch.count / 8)
  }

  @Test("A link counts as its target, even through another link; a dangling one has unknown size")
  func links() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.npy", [UInt8](repeating: 7, count: 1_000))
    for (link, target) in [("b.npy", "a.npy"), ("c.npy", folder.file("b.npy")), ("d.npy", "nowhere")] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(link), withDestinationPath: target)
    }
    #expect(FileSizes.total([file, folder.file("b.npy"), folder.file("c.npy")]) == 3_000)
    #expect(FileSizes.total([file, folder.file("d.npy")]) == 0)
  }

  @Test("A compressed file or a pipe may have any number of rows, up to the requested number")
  func others() throws {
    let folder = try TemporaryFolder()
    let plain = try folder.write("a.npy", NPY.batch([1], [1, 2, 3, 4], dimension: 4))
    let frame = try folder.write("b.npy.zst", [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0])
    let chunks = try folder.write("c.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    for other in [frame, chunks, try folder.makePipe("d"), "-"] {
      #expect(try most(plain, other) == nil)
      #expect(try most(plain, other, rows: "0-9") == 10)
    }
  }
}
