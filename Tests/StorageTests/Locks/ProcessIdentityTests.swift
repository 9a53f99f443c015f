import Foundation
import TestSupport
import Testing

@testable import Storage

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Process identity")
struct ProcessIdentityTests {
  private func other(_ pid: Int32, start: UInt64? = nil, boot: String? = nil, namespace: String? = nil)
    -> ProcessIdentity
  {
    let here = ProcessIdentity.current
    return ProcessIdentity(
      host: here.host, boot: boot ?? here.boot, namespace: namespace ?? here.namespace, pid: pid,
      start: start ?? here.start, user: here.user)
  }

  @Test("This process is alive, and describes itself")
  func current() throws {
    let here = ProcessIdentity.current
    #expect(here.presence == .alive)
    #expect(here.pid == getpid() && here.start > 0 && !here.host.isEmpty && !here.boot.isEmpty)
    #expect(here.description == "pid \(getpid()) of \(here.user) on \(here.host)")
    let copy = try JSONDecoder().decode(ProcessIdentity.self, from: JSONEncoder().encode(here))
    #expect(copy == here)
  }

  @Test("A reused process id is not the old process")
  func reuse() { #expect(other(getpid(), start: 1).presence == .gone) }

  @Test("After a reboot, or in another container, it is unknown")
  func elsewhere() {
    #expect(other(getpid(), boot: "another").presence == .elsewhere)
    #expect(other(getpid(), namespace: "another").presence == .elsewhere)
    #expect(other(getpid(), boot: "").presence == .elsewhere)
  }

  @Test("A process that ended but was not waited for is gone")
  func zombie() throws {
    let folder = try TemporaryFolder()
    let process = try Tool.spawn(
      "true", [], input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    for _ in 0..<500 where other(process).presence != .gone { usleep(10_000) }
    #expect(other(process).presence == .gone)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(other(process).presence == .gone)
  }
}
