import Engine
import Foundation
import Subprocess

/// Slurm, through its user commands.
enum Slurm {
  /// A job or array task, as listed by `squeue`.
  struct Entry: Sendable, Equatable {
    /// For example `PENDING`.
    let state: String
    let reason: String
    let node: String
  }

  /// Everything known about a user's jobs.
  struct Queue: Sendable {
    /// By Slurm's id of a job or task: `17`, `17_3`.
    var entries: [String: Entry] = [:]
    /// Job ids by comment.
    var jobs: [String: String] = [:]
    /// What each job was submitted as, by its id.
    var origins: [String: Origin] = [:]
  }

  /// What a job was submitted as.
  struct Origin: Sendable, Equatable {
    let comment: String
    /// The path of its script; empty if Slurm does not say.
    let script: String
  }

  /// Longest output of a command, in bytes.
  private static let longestOutput = 64 << 20

  /// Submits a script that waits until the jobs `needs` have succeeded. Returns its job id.
  static func submit(_ script: String, after needs: [String]) async throws -> String {
    let dependency = needs.isEmpty ? [] : ["--dependency=afterok:" + needs.joined(separator: ":")]
    let text = try await run("sbatch", ["--parsable"] + dependency + [script])
    let id = text.prefix { !$0.isWhitespace && $0 != ";" }
    guard !id.isEmpty, id.allSatisfy(\.isNumber) else {
      throw failure("sbatch", "the id of a job", text.isEmpty ? "nothing" : text)
    }
    return String(id)
  }

  /// A user's jobs, including those that ended recently.
  static func queue(of user: UInt32) async throws -> Queue {
    let text = try await run("squeue", ["-h", "-r", "-u", "\(user)", "--states=all", "-o", "%i|%T|%r|%N|%k|%o"])
    return parse(queue: text)
  }

  /// Parses the output of `squeue -h -r -o "%i|%T|%r|%N|%k|%o"`. Our comments have no `|`; the path of a script may.
  static func parse(queue text: String) -> Queue {
    var queue = Queue()
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6 else { continue }
      let job = String(fields[0].prefix { $0 != "_" })
      queue.entries[fields[0]] = Entry(state: fields[1], reason: fields[2], node: fields[3])
      queue.jobs[fields[4]] = job
      queue.origins[job] = Origin(comment: fields[4], script: fields[5] == "(null)" ? "" : fields[5])
    }
    return queue
  }

  /// Accounting data for jobs that are no longer in the queue; empty without accounting.
  static func accounting(_ ids: [String]) async -> [String: Entry] {
    let arguments = ["-n", "-P", "-X", "-j", ids.joined(separator: ","), "-o", "JobID,State,NodeList"]
    guard !ids.isEmpty, let text = try? await run("sacct", arguments) else { return [:] }
    var entries: [String: Entry] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else { continue }
      let state = String(fields[1].prefix { $0 != " " })
      entries[fields[0]] = Entry(state: state, reason: "", node: fields[2])
    }
    return entries
  }

  static func cancel(_ ids: [String]) async throws { _ = try await run("scancel", ids) }

  /// Runs a command and returns its output. Throws ``RunError`` if it is missing or fails.
  private static func run(_ program: String, _ arguments: [String]) async throws -> String {
    do {
      let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), output: .string(limit: longestOutput),
        error: .string(limit: longestOutput))
      if result.terminationStatus.isSuccess { return result.standardOutput }
      let said = result.standardError.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw failure(
        program, "the command to succeed", said.isEmpty ? "\(result.terminationStatus)" : String(said.prefix(400)))
    } catch let error as SubprocessError {
      throw RunError(
        file: program, expected: "to run it", found: "\(error)",
        advice: "run this on a login node, where Slurm's commands are installed")
    }
  }

  private static func failure(_ program: String, _ expected: String, _ found: String) -> RunError {
    RunError(
      file: program, expected: expected, found: found,
      advice: program == "sbatch"
        ? "look at the scripts with run --executor slurm --dry-run, and at slurm: in the pipeline file"
        : "try again once Slurm responds; running jobs are not affected")
  }
}
