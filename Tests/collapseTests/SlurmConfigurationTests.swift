import Foundation
import Testing

@testable import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

@Suite("The ports of a Slurm cluster")
struct SlurmConfigurationTests {
  /// Whether a daemon could listen there.
  private func listens(_ port: Int, reusesAddresses: Bool) -> Bool {
    let socket = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var yes: CInt = reusesAddresses ? 1 : 0
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    let bound = withUnsafeBytes(of: &address) {
      bind(socket, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    return bound == 0 && listen(socket, 1) == 0
  }

  @Test("Its daemons have the ports to themselves while it runs, and programs started by then do not inherit them")
  func ports() throws {
    let folder = try TemporaryFolder()
    let configuration = try SlurmConfiguration(folder: folder.path)
    let ports = configuration.text.matches(of: /Port=(\d+)/).compactMap { Int($0.output.1) }
    #expect(ports.count == 3 && Set(ports).count == 3)
    func sockets(_ text: String) -> Set<Substring> { Set(text.matches(of: /socket:\[\d+\]/).map(\.output)) }
    try withExtendedLifetime(configuration) {
      for port in ports {
        #expect(!listens(port, reusesAddresses: false) && listens(port, reusesAddresses: true))
      }
      let held = try Tool.run("sh", ["-c", "ls -l /proc/self/fd"]).text
      let own = try Tool.run("sh", ["-c", "ls -l /proc/$PPID/fd"]).text
      #expect(sockets(own).subtracting(sockets(held)).count >= ports.count)
    }
  }
}
