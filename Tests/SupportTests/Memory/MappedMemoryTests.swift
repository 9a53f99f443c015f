import Testing

@testable import Support

@Suite("Mapped memory")
struct MappedMemoryTests {
  @Test("Memory is zero, writable to its last byte, and aligned for large pages if it is large")
  func mapped() throws {
    for count in [1, 4096, 5000, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 9 << 20, (9 << 20) + 4097] {
      let bytes = try MappedMemory.map(count, for: "a test")
      #expect(bytes.count == count)
      #expect(bytes.allSatisfy { $0 == 0 })
      bytes.initializeMemory(as: UInt8.self, repeating: 7)
      if count >= 2 << 20 { #expect(UInt(bitPattern: bytes.baseAddress) % (2 << 20) == 0) }
      MappedMemory.unmap(bytes)
    }
  }

  @Test("Elements are zero and writable to the last one")
  func elements() throws {
    for count in [0, 1, 1000, 1 << 18] {
      let numbers = try MappedMemory.map(count, of: Double.self, for: "a test")
      #expect((0..<count).allSatisfy { numbers[$0] == 0 })
      numbers.update(repeating: 1, count: count)
      MappedMemory.unmap(numbers, count: count)
    }
  }

  @Test("More than the system has is an error that says what for")
  func refused() throws {
    let error = #expect(throws: OutOfMemory.self) { try MappedMemory.map(1 << 60, for: "the class means") }
    #expect(error?.diagnosis.expected.hasSuffix(" of memory for the class means") == true)
    #expect(error?.isBadInput == false)
    #expect(throws: OutOfMemory.self) { try MappedMemory.check(1 << 60, for: "the class means") }
    #expect(throws: OutOfMemory.self) { try MappedMemory.check(.max / 4, of: Double.self, for: "the class means") }
    #expect(throws: OutOfMemory.self) { try MappedMemory.map(.max, for: "the class means") }
    try MappedMemory.check(64 << 20, for: "the class means")
  }

  @Test("The error names the limit of the process that leaves no room")
  func limited() {
    let limits = AddressSpace(addresses: 2 << 30, data: nil, usedAddresses: 1 << 30, usedData: 0, productThreads: 0)
    let error = OutOfMemory(bytes: 3 << 30, for: "the class means", limits: limits)
    #expect(error.diagnosis.found == "no room below the limit of 2.0 GiB (ulimit -v)")
    #expect(error.diagnosis.advice == "raise the limit, as in ulimit -v unlimited, or give fewer --threads")
  }
}
