import Testing

@testable import HDF5

@Suite("The HDF5 library")
struct HDF5LibraryTests {
  @Test("The system's message is extracted from the library's, without times, addresses and temporary names")
  func systemError() {
    let message = """
      file write failed: time = Mon Nov 23 22:11:44 2026
      , filename = '/tmp/.o.h5.1abc.partial', file descriptor = 7, errno = 28, error message = 'No space left on device', \
      buf = 0x5581c0de, total write size = 4096, bytes this sub-write = 4096, bytes actually written = 0, offset = 0
      """
    #expect(HDF5Library.systemError(in: message) == "No space left on device")
    #expect(HDF5Library.systemError(in: "name already exists") == nil)
    #expect(HDF5Library.systemError(in: "error message = 'cut") == nil)
  }

  @Test("Its version has three numbers")
  func version() {
    let numbers = HDF5Library.version.split(separator: ".").compactMap { Int($0) }
    #expect(numbers.count == 3 && numbers[0] >= 1)
  }
}
