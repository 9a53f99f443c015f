import Foundation
import TestSupport
import Testing

/// Promise: a file in a foreign format is named as such, whatever it was given for, with how to convert it: exit 65.
@Suite("Foreign files")
struct ForeignFilesTests {
  @Test("Given as a stream, tokens or a classifier, and to inspect", arguments: ForeignFiles.all.indices)
  func everywhere(index: Int) throws {
    let file = ForeignFiles.all[index]
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npy", file.bytes)
    let features = try folder.write("x.npy", NPY.floats([[1], [2]]))
    let stream = try folder.write("s.npy", NPY.batch([1, 2, 1, 2], [0.5, 1.5, 2, 4], dimension: 1))
    let state = folder.file("state.h5")
    #expect(try Tool.collapse("accumulate", stream, "--output", state).status == 0)
    for arguments in [
      ["accumulate", path, "--output", folder.file("o.h5")],
      ["accumulate", features, "--tokens", path, "--sequence-length", "2", "--output", folder.file("o.h5")],
      ["decide", stream, "--moments", state, "--classifier", path, "--output", folder.file("o.h5")],
      ["measure", state, "--classifier", path],
      ["merge", path, "--output", folder.file("o.h5")],
      ["count", path],
      ["inspect", path],
    ] {
      let result = try Tool.run(Places.tool, arguments)
      #expect(result.status == 65, "\(arguments)")
      #expect(result.errors.contains("found \(file.what) ("), "\(arguments): \(result.errors)")
      #expect(result.errors.contains(file.advice), "\(arguments): \(result.errors)")
    }
  }
}
