import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Tensor reference")
struct TensorReferenceTests {
  @Test(
    "A reference is a file and, after #, a name",
    arguments: [
      ("model.safetensors#lm_head.weight", "model.safetensors", "lm_head.weight"), ("w.npy", "w.npy", nil),
      ("a.h5#group/w", "a.h5", "group/w"), ("a#b#c", "a", "b#c"), ("a#", "a", nil), ("#b", "", "b"), ("", "", nil),
    ] as [(String, String, String?)])
  func parts(text: String, file: String, tensor: String?) {
    let reference = TensorReference(text)
    #expect(reference.file == file && reference.tensor == tensor)
    #expect(reference.description == (tensor == nil ? file : text))
  }

  @Test("A path that exists comes before its parts, whatever # it has")
  func existing() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("exp#3"), withIntermediateDirectories: false)
    for name in ["exp#3/W.npy", "exp#3/a.h5", "b#1.h5", "c.h5", "c.h5#d", "e.h5"] { try folder.write(name, [1]) }
    func parts(_ text: String) -> [String?] {
      let reference = TensorReference(folder.file(text))
      return [String(reference.file.dropFirst(folder.path.count + 1)), reference.tensor]
    }
    #expect(parts("exp#3/W.npy") == ["exp#3/W.npy", nil])
    #expect(parts("exp#3/a.h5#g/w") == ["exp#3/a.h5", "g/w"] && parts("exp#3/a.h5#g#w") == ["exp#3/a.h5", "g#w"])
    #expect(parts("b#1.h5") == ["b#1.h5", nil] && parts("b#1.h5#w") == ["b#1.h5", "w"])
    #expect(parts("c.h5#d") == ["c.h5#d", nil] && parts("c.h5#e") == ["c.h5", "e"])
    #expect(parts("e.h5#") == ["e.h5", nil] && parts("e.h5#/g/w") == ["e.h5", "/g/w"])
    #expect(parts("exp#3/*.h5#w") == ["exp#3/*.h5", "w"] && parts("exp#?/W.npy") == ["exp#?/W.npy", nil])
  }

  @Test("Of a file that is missing, the # in an existing folder belongs to the path")
  func missing() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("exp#3"), withIntermediateDirectories: false)
    let reference = TensorReference(folder.file("exp#3/none.h5#w"))
    #expect(reference.file == folder.file("exp#3/none.h5") && reference.tensor == "w")
    #expect(TensorReference(folder.file("exp#3/none.npy")).file == folder.file("exp#3/none.npy"))
  }
}
