import Support
import Synchronization

/// What outputs of this process may replace, and where they may lie. Every output passes here: before the run, when it
/// is begun, and right before it gets its name.
///
/// - An existing file is replaced only if it is empty or made by this program, as its ``OwnFile`` kind knows, unless
///   the user says otherwise.
/// - An input is never replaced, under any of its names and links.
/// - A pipeline file's outputs lie in its folder, with links followed, unless the user says otherwise.
///
/// There are no rules until they are set, as for the library, whose users decide.
package final class OutputRules: Sendable {
  package static let ofProcess = OutputRules()

  private struct State {
    /// Whether there are rules.
    var isOn = false
    /// The kinds of files that may be replaced; nil if any file may be.
    var own: [OwnFile]?
    /// The folder for all outputs, if there is one, and files elsewhere that the user named.
    var boundary: (folder: String, except: Set<String>)?
    /// Folders for temporary files, which nobody else can write.
    var privateFolders: [String] = []
    /// Inputs by resolved path, and by device and inode, as the user named them.
    var inputPaths: [String: String] = [:]
    var inputFiles: [[UInt64]: String] = [:]
    /// What this process wrote, by path.
    var made: [String: StandingFile] = [:]
  }

  private let state = Mutex(State())

  init() {}

  /// Sets the rules: protects existing files, except those of the kinds `own`.
  package func protect(except own: [OwnFile]) {
    state.withLock { state in
      state.isOn = true
      state.own = own
    }
  }

  /// Lets outputs replace any file except inputs: `--force`.
  package func replaceAny() { state.withLock { $0.own = nil } }

  /// Keeps all outputs in a folder, except files that the user named.
  package func confine(to folder: String, except files: [String]) {
    let boundary = (Files.resolved(folder), Set(files.map(Files.resolved)))
    state.withLock { $0.boundary = boundary }
  }

  /// Lets outputs lie in a folder for temporary files.
  func allow(privateFolder folder: String) {
    let folder = Files.resolved(folder)
    state.withLock { state in
      if state.isOn { state.privateFolders.append(folder) }
    }
  }

  /// Protects the inputs of the command from its outputs.
  package func protect(inputs: [String]) {
    guard state.withLock(\.isOn) else { return }
    for input in inputs where input != "-" {
      let identity = FileIdentity(input)
      state.withLock { state in
        state.inputPaths[identity.path] = input
        if let file = identity.file { state.inputFiles[file] = input }
      }
    }
  }

  /// Throws, before any work is done, if an output may not be written, or if that would replace or remove a foreign
  /// file that has the name of its checkpoint or record.
  package func check(_ output: String) throws {
    try check(status: output)
    guard !PipeOutput.isOne(output) else { return }
    let files = OutputFiles(output)
    for file in [files.checkpoint, files.previousCheckpoint, files.record] {
      try admit(file, at: Files.resolved(file))
    }
  }

  /// Throws if a status file may not be written; it has neither checkpoints nor a record.
  package func check(status file: String) throws { try admit(file, at: Files.resolved(file)) }

  /// Throws ``ReplacementError`` if the output `path`, which leads to `target`, may not be written. Returns what is
  /// there now.
  ///
  /// - Parameters:
  ///   - text: what will be written, if known. A CSV file with the same first line has our columns.
  ///   - isOwn: whether the caller knows that the program made the file.
  @discardableResult
  func admit(_ path: String, at target: String, text: String? = nil, isOwn: Bool = false) throws -> StandingFile? {
    let state = state.withLock { $0 }
    if let boundary = state.boundary, !boundary.except.contains(target),
      !([boundary.folder] + state.privateFolders).contains(where: { Files.lies(target, in: $0) })
    {
      throw ReplacementError(
        path, expected: "a file in \(boundary.folder)", found: target == path ? "one elsewhere" : "a way to \(target)",
        advice: "write into the pipeline's out folder, or give --allow-outputs")
    }
    guard let stamp = StandingFile(target) else {
      // A pipe has no content to replace, but a reader of its own output waits for ever.
      if Files.kind(of: path) == S_IFIFO, let input = FileIdentity(path).file.flatMap({ state.inputFiles[$0] }) {
        throw isInput(path, input)
      }
      return nil
    }
    if let input = state.inputPaths[target] ?? state.inputFiles[stamp.file] {
      throw isInput(path, input)
    }
    guard let own = state.own, !isOwn, stamp.size > 0, state.made[target] != stamp else { return stamp }
    let file = ExistingFile(target, size: stamp.size)
    if own.contains(where: { $0.recognizes(file) }) || text.map(file.hasColumns(of:)) == true { return stamp }
    throw ReplacementError(
      path, expected: "no file, or one that collapse made", found: file.looks,
      advice: "name another output, move that file away, or give --force to replace it")
  }

  private func isInput(_ path: String, _ input: String) -> ReplacementError {
    ReplacementError(
      path, expected: "an output that is no input of the same command",
      found: input == path ? "an input" : "the input \(input)", advice: "write to another file")
  }

  /// Notes that this process has written the file.
  func note(_ target: String) {
    guard let stamp = StandingFile(target) else { return }
    state.withLock { state in
      if state.isOn { state.made[target] = stamp }
    }
  }
}

extension ExistingFile {
  /// Whether it is a CSV file with the columns of `text`.
  fileprivate func hasColumns(of text: String) -> Bool {
    guard path.hasSuffix(".csv"), let line = firstLine, line.contains(",") else { return false }
    return text.utf8.starts(with: line.utf8) && text.utf8.dropFirst(line.utf8.count).first == UInt8(ascii: "\n")
  }
}

/// An output may not be written where the user wants it. Nothing was replaced.
package struct ReplacementError: DiagnosedError, Equatable {
  package let diagnosis: Diagnosis
  package var isBadInput: Bool { false }
  package var isUsage: Bool { true }

  package init(_ file: String, expected: String, found: String, advice: String) {
    diagnosis = Diagnosis(file: file, expected: expected, found: found, advice: advice)
  }
}
