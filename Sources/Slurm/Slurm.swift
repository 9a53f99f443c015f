import Engine
import Foundation
import Subprocess

/// Slurm, by the commands that a user has.
enum Slurm {
  /// A job or a task of an array, as `squeue` has it.
  struct Entry: Sendable, Equatable {
    /// As in `PENDING`.
    let state: String
    let reason: String
    let node: String
  }

  /// All that is known of a user's jobs.
  struct Queue: Sendable {
    /// By what Slurm calls a job or a task: `17`, `17_3`.
    var entries: [String: Entry] = [:]
    /// Ids of jobs by their comments.
    var jobs: [String: String] = [:]
  }

  /// Bytes of what a command says at most.
  private static let longestOutput = 64 << 20

  /// Submits a script that waits until `needs` have ended well, and returns the id of the job.
  static func submit(_ script: String, after needs: [String]) async throws -> String {
    let dependency = needs.isEmpty ? [] : ["--dependency=afterok:" + needs.joined(separator: ":")]
    let text = try await run("sbatch", ["--parsable"] + dependency + [script])
    let id = text.prefix { !$0.isWhitespace && $0 != ";" }
    guard !id.isEmpty, id.allSatisfy(\.isNumber) else {
      throw failure("sbatch", "the id of a job", text.isEmpty ? "nothing" : text)
    }
    return String(id)
  }

  /// A user's jobs, with those that ended not long ago.
  static func queue(of user: UInt32) async throws -> Queue {
    let text = try await run("squeue", ["-h", "-r", "-u", "\(user)", "--states=all", "-o", "%i|%T|%r|%N|%k"])
    return parse(queue: text)
  }

  /// The lines of `squeue -h -r -o "%i|%T|%r|%N|%k"`.
  static func parse(queue text: String) -> Queue {
    var queue = Queue()
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5 else { continue }
      queue.entries[fields[0]] = Entry(state: fields[1], reason: fields[2], node: fields[3])
      queue.jobs[fields[4]] = String(fields[0].prefix { $0 != "_" })
    }
    return queue
  }

  /// What the accounting has of jobs that the queue has forgotten; nothing where there is none.
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

  /// What a command writes. Throws ``RunError`` where it is not there, or fails.
  private static func run(_ program: String, _ arguments: [String]) async throws -> String {
    let outcome: (status: TerminationStatus, said: String, output: String)
    do {
      let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), output: .string(limit: longestOutput),
        error: .string(limit: 1 << 16))
      outcome = (result.terminationStatus, result.standardError, result.standardOutput)
    } catch let error as SubprocessError {
      throw RunError(
        file: program, expected: "to run it", found: "\(error)",
        advice: "run this where Slurm's commands are, on a login node")
    }
    guard outcome.status.isSuccess else {
      let said = outcome.said.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw failure(program, "it to do as it is told", said.isEmpty ? "\(outcome.status)" : String(said.prefix(400)))
    }
    return outcome.output
  }

  private static func failure(_ program: String, _ expected: String, _ found: String) -> RunError {
    RunError(
      file: program, expected: expected, found: found,
      advice: program == "sbatch"
        ? "look at the scripts with run --executor slurm --dry-run, and at slurm: in the pipeline file"
        : "try again once Slurm answers; jobs go on meanwhile")
  }
}
