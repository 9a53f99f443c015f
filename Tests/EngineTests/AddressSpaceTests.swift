import Testing

@testable import Engine
@testable import Support

@Suite("Address space")
struct AddressSpaceTests {
  private static let mib = 1 << 20

  private func space(addresses: Int? = nil, data: Int? = nil) -> AddressSpace {
    AddressSpace(
      addresses: addresses.map { $0 * Self.mib }, data: data.map { $0 * Self.mib }, usedAddresses: 200 * Self.mib,
      usedData: 50 * Self.mib, productThreads: 1)
  }

  @Test("Without a limit nothing is limited")
  func none() throws {
    #expect(space().memory(threads: 64) == nil)
    #expect(!space().isLimited)
    try space().check(threads: 64)
    try space().checkProducts(threads: 64)
  }

  @Test(
    "Memory in use, a stack per thread and the library's reserve are subtracted, and the process is counted once")
  func memory() {
    // 200 in use, 12 stacks of 8, 128 reserved; the plan already has 64 of the process itself.
    #expect(space(addresses: 1000).memory(threads: 4) == (1000 - 200 - 96 - 128 + 64) * Self.mib)
    #expect(space(data: 1000).memory(threads: 4) == (1000 - 50 - 96 - 128 + 64) * Self.mib)
    #expect(space(addresses: 1000, data: 500).memory(threads: 4) == (500 - 50 - 96 - 128 + 64) * Self.mib)
    #expect(space(addresses: 100).memory(threads: 4) == 0)
  }

  @Test("A limit too small to start is refused with one that would suffice")
  func check() throws {
    let least = 200 + 96 + 128 + 64
    try space(addresses: least).check(threads: 4)
    for (space, option) in [(space(addresses: least - 1), "-v"), (space(data: least - 151), "-d")] {
      let error = try #require(throws: RunError.self) { try space.check(threads: 4) }
      #expect(!error.isBadInput)
      #expect(error.diagnosis.found.hasSuffix("(ulimit \(option))"))
      #expect(error.diagnosis.advice.contains("ulimit \(option) unlimited"))
    }
    let error = try #require(throws: RunError.self) { try space(addresses: 100).check(threads: 4) }
    #expect(error.diagnosis.expected == "a limit of at least 488.0 MiB for this process to start")
  }

  @Test("Threads that multiply need one buffer each")
  func products() throws {
    let least = 200 + 96 + 128 + 64 + 4 * 128
    try space(addresses: least).checkProducts(threads: 4)
    let error = try #require(throws: RunError.self) { try space(addresses: least - 1).checkProducts(threads: 4) }
    #expect(error.diagnosis.expected.contains("4 thread(s)"))
    #expect(error.diagnosis.advice.contains("fewer --threads"))
  }

  @Test("A process gets the least of these limits and the machine's")
  func allowance() {
    let allowance = ResourceLimits(
      environment: [:], root: "/nowhere", processors: 4, physicalMemory: UInt64(8 << 30),
      addressSpace: space(addresses: 1000))
    #expect(allowance.memory == space(addresses: 1000).memory(threads: 4))
  }

  @Test("Mappings are added up; the library's reserve is counted separately, whether it exists yet or not")
  func mapped() {
    let maps = """
      00001000-00003000 r--p 00000000 fe:00 332717 /usr/lib/libc.so.6
      00003000-00004000 rw-p 00000000 fe:00 332717 /usr/lib/libc.so.6
      10000000-10800000 rw-p 00000000 00:00 0
      20000000-20001000 ---p 00000000 00:00 0
      ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
      """
    #expect(AddressSpace.mapped(maps) == (0x804000, 0x801000))
    let later = maps.replacing("10000000-10800000", with: "10000000-18800000")
    #expect(AddressSpace.mapped(later) == (0x804000, 0x801000))
    #expect(AddressSpace.mapped("nonsense\n\n5-1 rw-p 0 0 0") == (0, 0))
  }
}
