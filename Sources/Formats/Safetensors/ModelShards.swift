import Foundation
import Storage
import Support

/// Whether a file is one shard of a model's several.
enum ModelShards {
  /// The index of all shards, or a pattern of their names; nil if the file is not known to be one of several.
  /// Throws ``StreamError`` if its folder cannot be looked at.
  static func whole(of file: SafetensorsFile) throws -> String? {
    guard file.files == [file.name] else { return nil }
    return try index(naming: file.name) ?? (isNumbered(file.name) ? "the model.safetensors.index.json" : nil)
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
  private static func index(naming name: String) throws -> String? {
    let folder = AtomicFile.folder(of: name)
    let names: [String]
    do {
      names = try Files.names(in: folder)
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw StreamError(
        .unreadable, file: folder, expected: "to look for an index of shards in this folder", found: "\(error)",
        advice: Shortage.advice(for: error) ?? "name the tensor after #, as in \(name)#lm_head.weight")
    }
    let indices = names.filter { $0.hasSuffix(".safetensors.index.json") }.sorted()
    return try indices.map { folder == "." ? $0 : "\(folder)/\($0)" }.first { path in
      guard let index = try Trial.result({ try SafetensorsIndex(ifAny: path) }) ?? nil else { return false }
      return index.files.count > 1 && index.files.contains(name)
    }
  }
}
