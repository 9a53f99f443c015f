import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// `slurm.conf` for two nodes of two processors on this machine, with timers short enough for tests.
struct SlurmConfiguration {
  /// The folder of everything in the cluster.
  let folder: String
  private let ports: ReservedPorts

  static let nodes = ["n1", "n2"]

  init(folder: String) throws {
    self.folder = folder
    ports = try ReservedPorts(1 + Self.nodes.count)
  }

  var socket: String { folder + "/munge/socket" }

  /// - `cred_expire`: a requeued job waits this long before it starts again, 2 minutes by default; 5 is the minimum.
  /// - `config_overrides`: the nodes are as this file says, even on a machine with one processor.
  /// - `SlurmdTimeout`: a silent node is down after two of these.
  /// - `MinJobAge`: without accounting, ended jobs are visible this long.
  /// - `ReturnToService=2`: a node that was down accepts jobs as soon as its daemon is back.
  var text: String {
    let host = hostName()
    return """
      ClusterName=test
      SlurmctldHost=\(host)(127.0.0.1)
      SlurmctldPort=\(ports.numbers[0])
      SlurmUser=root
      SlurmdUser=root
      AuthType=auth/munge
      AuthInfo=socket=\(socket),cred_expire=5
      CredType=cred/munge
      StateSaveLocation=\(folder)/state
      SlurmdSpoolDir=\(folder)/%n/spool
      SlurmctldPidFile=\(folder)/slurmctld.pid
      SlurmdPidFile=\(folder)/%n/pid
      SlurmdParameters=config_overrides
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      MpiDefault=none
      SwitchType=switch/none
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core_Memory
      DefMemPerCPU=1000
      SchedulerType=sched/backfill
      SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0
      SlurmdTimeout=8
      MessageTimeout=5
      KillWait=2
      MinJobAge=3600
      ReturnToService=2
      JobRequeue=1
      MailProg=/bin/true
      \(zip(Self.nodes, ports.numbers.dropFirst()).map {
        "NodeName=\($0) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\($1) CPUs=2 RealMemory=8000\n"
      }.joined())\
      PartitionName=main Nodes=\(Self.nodes.joined(separator: ",")) Default=YES MaxTime=INFINITE State=UP

      """
  }
}

/// The name of this machine, without its domain.
private func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  gethostname(&name, name.count - 1)
  let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(String(decoding: bytes, as: UTF8.self).prefix { $0 != "." })
}

/// Ports reserved while this exists, below those that Linux uses for outgoing connections.
///
/// A socket that has a port without listening keeps others from taking the port, except sockets that allow address
/// reuse and do not listen yet. Slurm's daemons are such sockets; another choice of ports here is not.
private final class ReservedPorts: Sendable {
  let numbers: [Int]
  private let sockets: [CInt]

  init(_ count: Int) throws {
    var (ports, kept): ([Int], [CInt]) = ([], [])
    for port in (20_000..<32_000).shuffled() where ports.count < count {
      let socket = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      let bound = withUnsafeBytes(of: &address) {
        bind(socket, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
      }
      var yes: CInt = 1
      if bound == 0, setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size)) == 0 {
        ports.append(port)
        kept.append(socket)
      } else {
        close(socket)
      }
    }
    (numbers, sockets) = (ports, kept)
    guard ports.count == count else { throw POSIXError(.EADDRINUSE) }
  }

  deinit { for socket in sockets { close(socket) } }
}
