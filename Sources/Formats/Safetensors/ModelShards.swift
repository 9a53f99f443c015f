import Foundation
import Storage

/// Whether a file is one shard of a model's several.
enum ModelShards {
  /// The index of all shards, or a pattern of their names; nil if the file is not known to be one of several.
  static func whole(of file: SafetensorsFile) -> String? {
    guard file.files == [file.name] else { return nil }
    return index(naming: file.name) ?? (isNumbered(file.name) ? "the model.safetensors.index.json" : nil)
  }

  /// Whether the name counts shards: `model-00001-of-00002.safetensors`.
  static func isNumbered(_ name: String) -> Bool {
    let parts = (name as NSString).lastPathComponent.split { !$0.isLetter && !$0.isNumber }
    guard let place = parts.lastIndex(of: "of"), place > 0, place + 1 < parts.count,
      Int(parts[place - 1]) != nil, let count = Int(parts[place + 1])
    else { return false }
    return count > 1
  }

  /// The index in the same folder that names this file and others.
  private static func index(naming name: String) -> String? {
    let folder = AtomicFile.folder(of: name)
    let names = (try? Files.names(in: folder)) ?? []
    let indices = names.filter { $0.hasSuffix(".safetensors.index.json") }.sorted()
    return indices.map { folder == "." ? $0 : "\(folder)/\($0)" }.first { path in
      guard let index = try? SafetensorsIndex(ifAny: path) else { return false }
      return index.files.count > 1 && index.files.contains(name)
    }
  }
}
