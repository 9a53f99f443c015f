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
}
