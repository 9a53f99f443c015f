import Support
import SystemPackage

/// The files that match a pattern of names (``NamePattern``), separated by `/`.
///
/// - A part that is `**` stands for any number of folders, none included; at the end, for all files below. It follows
///   links to folders, but enters each folder once, so that no file is taken twice.
/// - Names that start with a dot match only a pattern that does so.
/// - Nothing that matches is left out. It is an error if the pattern matches a folder, or a link that leads nowhere, and
///   if a folder on the way cannot be listed. `**/*` may match folders, because it takes all that is in them.
struct Glob {
  private enum Part {
    case name(NamePattern)
    /// An empty part, as between two slashes.
    case slash
    case folders
  }

  private let pattern: String
  private let parts: [Part]
  private var takesFolders: Bool { parts.contains { if case .folders = $0 { true } else { false } } }

  init(_ pattern: String) {
    self.pattern = pattern
    var texts = pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    // A slash at the end names folders, which are refused.
    while texts.count > 1, texts.last == "" { texts.removeLast() }
    parts = texts.map { $0 == "**" ? .folders : $0.isEmpty ? .slash : .name(NamePattern($0)) }
  }

  /// In no order. Throws ``StreamError``.
  func files() throws -> [String] {
    var (found, seen): ([String], Set<[UInt8]>) = ([], [])
    // Texts that look the same may be different names.
    try match("", parts[...]) { if seen.insert(Array($0.utf8)).inserted { found.append($0) } }
    return found
  }

  /// Finds what matches `parts` in the folder whose name is `prefix`, which is empty or ends with a slash.
  private func match(_ prefix: String, _ parts: ArraySlice<Part>, _ take: (String) -> Void) throws {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    switch part {
    case .slash: try match(prefix + "/", rest, take)
    case .folders:
      for folder in try folders(in: prefix) {
        if rest.isEmpty {
          for name in try names(in: folder) where !name.utf8.starts(with: ".".utf8) {
            if try !isFolder(folder + name) { take(folder + name) }
          }
        } else {
          try match(folder, rest, take)
        }
      }
    case .name(let name):
      let literal = name.literal
      for found in try literal.map({ [$0] }) ?? names(in: prefix).filter(name.matches) {
        let path = prefix + found
        if literal != nil, try !isThere(path) { continue }
        let isFolder = try isFolder(path)
        if !rest.isEmpty {
          if isFolder { try match(path + "/", rest, take) }
        } else if !isFolder {
          take(path)
        } else if !(name.isEverything && takesFolders) {
          throw folder(path)
        }
      }
    }
  }

  /// A folder, with its slash, and all folders in it at any depth; each once, by its real path rather than by a link.
  private func folders(in prefix: String) throws -> [String] {
    var (found, links): ([String], [String]) = ([], [])
    var entered: Set<[UInt64]> = []
    var pending = [prefix]
    while let folder = pending.popLast() ?? nextLink(&links) {
      guard let status = Files.status(folder.isEmpty ? "." : folder) else {
        let error = Errno(rawValue: errno)
        if error == .noSuchFileOrDirectory || error == .notDirectory { continue }
        throw lost(folder, error)
      }
      guard status.st_mode & S_IFMT == S_IFDIR,
        entered.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted
      else { continue }
      found.append(folder)
      for name in try names(in: folder) where !name.utf8.starts(with: ".".utf8) {
        guard try isFolder(folder + name) else { continue }
        if Files.target(ofLink: folder + name) == nil {
          pending.append(folder + name + "/")
        } else {
          links.append(folder + name + "/")
        }
      }
    }
    return found
  }

  /// The first link in natural order.
  private func nextLink(_ links: inout [String]) -> String? {
    links.indices.min { InputFiles.naturallyPrecedes(links[$0], links[$1]) }.map { links.remove(at: $0) }
  }

  /// The names in a folder, sorted, so that the same error comes first; none if there is no such folder.
  private func names(in prefix: String) throws -> [String] {
    do {
      return try Files.names(in: prefix).sorted()
    } catch .noSuchFileOrDirectory, .notDirectory {
      return []
    } catch {
      let shortage = Shortage.advice(for: error)
      throw StreamError(
        shortage == nil ? .unreadable : .shortage, file: prefix.isEmpty ? "." : prefix,
        expected: "to list this folder, for the pattern \(pattern)", found: "\(error)",
        advice: shortage ?? "check its permissions, or write a pattern that leaves it out")
    }
  }

  private func isFolder(_ path: String) throws -> Bool {
    if let kind = Files.kind(of: path) { return kind == S_IFDIR }
    throw lost(path, Errno(rawValue: errno))
  }

  /// Whether there is a file, folder or link of this name.
  private func isThere(_ path: String) throws -> Bool {
    var status = stat()
    if lstat(path, &status) == 0 { return true }
    let error = Errno(rawValue: errno)
    if error == .noSuchFileOrDirectory || error == .notDirectory { return false }
    throw lost(path, error)
  }

  private func lost(_ path: String, _ error: Errno) -> StreamError {
    let leadsNowhere = error == .noSuchFileOrDirectory
    let shortage = Shortage.advice(for: error)
    return StreamError(
      leadsNowhere ? .missing : shortage == nil ? .unreadable : .shortage, file: path,
      expected: "a file that exists, for the pattern \(pattern)",
      found: leadsNowhere ? "a link that leads nowhere" : "\(error)",
      advice: shortage ?? "mend or remove it, or write a pattern that leaves it out")
  }

  private func folder(_ path: String) -> StreamError {
    let format = ForeignFormat.of(folder: path)
    return StreamError(
      .notAFile, file: path, expected: "only files to match the pattern \(pattern)", found: format?.name ?? "a folder",
      advice: format?.advice(path)
        ?? "match files only, as in '*.npy'; for files in folders too, write ** before it, as in '**/*.npy'")
  }
}
