/// Names one array in a file: `model.safetensors#lm_head.weight`, `file.h5#dataset`, or `file.npy`.
public struct TensorReference: Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// The tensor or dataset, if named.
  public let tensor: String?

  public init(_ text: String) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    file = String(parts[0])
    tensor = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
  }

  public var description: String { tensor.map { "\(file)#\($0)" } ?? file }
}
