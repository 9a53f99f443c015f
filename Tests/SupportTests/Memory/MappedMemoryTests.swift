import Testing

@testable import Support

@Suite("Mapped memory")
struct MappedMemoryTests {
  @Test("Memory is zero, writable to its last byte, and aligned for large pages if it is large")
  func mapped() {
    for count in [1, 4096, 5000, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 9 << 20, (9 << 20) + 4097] {
      let bytes = MappedMemory.map(count)
      #expect(bytes.count == count)
      #expect(bytes.allSatisfy { $0 == 0 })
      bytes.initializeMemory(as: UInt8.self, repeating: 7)
      if count >= 2 << 20 { #expect(UInt(bitPattern: bytes.baseAddress) % (2 << 20) == 0) }
      MappedMemory.unmap(bytes)
    }
  }
}
