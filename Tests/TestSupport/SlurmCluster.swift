import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A Slurm cluster of two nodes on this machine: `slurmctld`, one `slurmd` per node and `munged`, in a temporary
/// folder.
///
/// Everything that runs in it, daemons and jobs alike, has a `SLURM_CONF` below that folder in its environment, which
/// identifies it. A shell ends all of it once the cluster is stopped or released, or this process ends in any way.
package actor SlurmCluster {
  /// What the cluster failed to do, with the last words of its daemons.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  /// Whether tests on it were requested. They watch jobs while these run, and would wait too long among tests that
  /// keep every thread busy.
  package static var isWanted: Bool { ProcessInfo.processInfo.environment["COLLAPSE_CLUSTER"] != nil }

  /// Whether a cluster is possible here; slurmd starts jobs only as root.
  package static var isAvailable: Bool { geteuid() == 0 && programs.allSatisfy(Tool.exists) }

  package static let nodes = SlurmConfiguration.nodes

  /// The environment of a process that uses the cluster.
  package nonisolated let environment: [String: String]

  private static let programs = ["slurmctld", "slurmd", "munged", "sbatch", "squeue", "scontrol", "setpriv", "setsid"]
  private let folder: TemporaryFolder
  private let configuration: SlurmConfiguration
  /// Our end of a pipe: the shell that ends the cluster waits for it to be closed.
  private var lifeline: CInt
  private let undertaker: pid_t
  private var daemons: [String: pid_t] = [:]

  /// Starts a cluster, and returns once both nodes accept jobs.
  package static func start() async throws -> SlurmCluster {
    let cluster = try SlurmCluster()
    do {
      try await cluster.startDaemons()
    } catch {
      let logs = await cluster.logs
      try? await cluster.stop()
      throw Failure(description: "\(error)\n\(logs)")
    }
    return cluster
  }

  private init() throws {
    folder = try TemporaryFolder()
    configuration = try SlurmConfiguration(folder: folder.path)
    environment = ["SLURM_CONF": try folder.write("slurm.conf", text: configuration.text)]
    let pipe = try folder.makePipe("lifeline")
    lifeline = open(pipe, O_RDWR | O_CLOEXEC)
    undertaker = try Tool.spawn(
      "setsid",
      [
        "sh", "-c",
        """
        cat > /dev/null
        members() { grep -lsz "^SLURM_CONF=$0/" /proc/[0-9]*/environ | cut -d / -f 3; }
        # Processes that were just starting are seen the second time.
        for round in 1 2; do
          while pids=$(members) && [ -n "$pids" ]; do kill -9 $pids; sleep 0.1; done 2> /dev/null
          sleep 0.1
        done
        rm -rf "$0"
        """, folder.path,
      ], input: pipe, output: "/dev/null", errors: "/dev/null")
  }

  deinit { if lifeline >= 0 { close(lifeline) } }

  /// Ends every process of the cluster, and removes its folder. Throws if one of them does not end.
  package func stop() async throws {
    guard lifeline >= 0 else { return }
    close(lifeline)
    lifeline = -1
    try await waitForEnd(of: undertaker, "the shell that ends the cluster")
    for (name, process) in daemons { try await waitForEnd(of: process, name) }
    daemons = [:]
  }

  /// Runs a program as a user of the cluster would. Throws if it takes too long.
  package nonisolated func run(_ program: String, _ arguments: String...) async throws -> Tool.Result {
    try await run(program, arguments)
  }

  package nonisolated func run(
    _ program: String, _ arguments: [String], folder: String? = nil
  ) async throws -> Tool.Result {
    try await Tool.follow(program, arguments, folder: folder, environment: environment, limit: Self.longest)
  }

  private static let longest = Duration.seconds(240)

  /// Ends a node like a power failure: its daemon, and every process of its jobs, at once.
  package func killNode(_ node: String) async throws {
    guard let daemon = daemons.removeValue(forKey: node) else {
      throw Failure(description: "expected a node that runs, found “\(node)”")
    }
    try await wait(for: "end of what ran on \(node)", atMost: .seconds(60)) {
      let processes = members(of: node)
      for process in processes { kill(process, SIGKILL) }
      return processes.isEmpty
    }
    try await waitForEnd(of: daemon, node)
  }

  /// Starts a node, the first time or after it was killed; it accepts jobs a moment later.
  package func startNode(_ node: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file(node + "/spool"), withIntermediateDirectories: true)
    // The configuration has a name of its own, which the daemon passes on to its processes and so identifies this node.
    let own = try folder.write(node + "/slurm.conf", text: configuration.text)
    try spawn(node, ["slurmd", "-D", "-N", node], environment: ["SLURM_CONF": own])
  }

  /// The logs of the daemons.
  package var logs: String {
    (["munged", "slurmctld"] + Self.nodes).map { name in
      let said = (try? folder.read(name + ".log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return "== \(name)\n\(said)"
    }.joined(separator: "\n")
  }

  private func startDaemons() async throws {
    try prepareMunge()
    try spawn(
      "munged",
      [
        "setpriv", "--reuid", "munge", "--regid", "munge", "--clear-groups", "munged", "--foreground",
        "--socket=\(configuration.socket)",
      ] + ["key", "pid", "log", "seed"].map { "--\($0)-file=\(folder.path)/munge/\($0)" },
      environment: environment)
    try await waitForAnswer(of: "munged") { access(configuration.socket, F_OK) == 0 }
    try spawn("slurmctld", ["slurmctld", "-D", "-c"], environment: environment)
    for node in Self.nodes { try startNode(node) }
    try await waitForAnswer(of: "the nodes") {
      let states = try await run("sinfo", "--noheader", "--Node", "--format=%T").text
      return states.split(separator: "\n") == Self.nodes.map { _ in "idle" }
    }
  }

  /// A key that only munged may read, in its own folder.
  private func prepareMunge() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder.file("state"), withIntermediateDirectories: false)
    try files.createDirectory(atPath: folder.file("munge"), withIntermediateDirectories: false)
    try folder.write("munge/key", (0..<128).map { _ in UInt8.random(in: 0...255) })
    chmod(folder.file("munge/key"), 0o400)
    for name in ["munge", "munge/key"] {
      try files.setAttributes([.ownerAccountName: "munge"], ofItemAtPath: folder.file(name))
    }
  }

  private func spawn(_ name: String, _ words: [String], environment: [String: String]) throws {
    daemons[name] = try Tool.spawn(
      "setsid", words, input: "/dev/null", output: folder.file(name + ".out"), errors: folder.file(name + ".log"),
      environment: environment)
  }

  /// Waits for daemons that were started. Throws if one has ended, for example because it could not listen.
  private func waitForAnswer(of what: String, until isReady: () async throws -> Bool) async throws {
    try await wait(for: "answer of \(what)", atMost: .seconds(120)) {
      for (name, process) in daemons where waitpid(process, nil, WNOHANG) != 0 {
        daemons[name] = nil
        throw Failure(description: "\(name) ended as soon as it was started")
      }
      return try await isReady()
    }
  }

  /// Waits for an ending process, while other tests go on.
  private func waitForEnd(of process: pid_t, _ name: String) async throws {
    try await wait(for: "end of \(name), process \(process)", atMost: .seconds(60)) {
      waitpid(process, nil, WNOHANG) != 0
    }
  }

  /// Processes that run on a node, recognized by their environments.
  private func members(of node: String) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
      let settings = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard settings.contains(where: { $0.hasPrefix("SLURM_CONF=\(folder.path)/") }) else { return false }
      return settings.contains("SLURMD_NODENAME=\(node)")
        || settings.contains("SLURM_CONF=\(folder.path)/\(node)/slurm.conf")
    }
  }
}
