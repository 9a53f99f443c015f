import CZstd
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Failures of Zstandard")
struct ZstdFailureTests {
  private let failure = ZstdFailure(file: "a.zst", frameStart: 77)

  @Test("Each says what caused it, which frame it is about, and what to do")
  func kinds() {
    let expected: [(ZSTD_ErrorCode, StreamError.Kind, String, String)] = [
      (ZSTD_error_checksum_wrong, .corrupt, "the frame at byte 77", "damaged"),
      (ZSTD_error_frameParameter_windowTooLarge, .windowTooLarge, "the frame at byte 77", "--long=31 or less"),
      (ZSTD_error_prefix_unknown, .corrupt, "byte 77", "remove what follows the last frame"),
      (ZSTD_error_corruption_detected, .corrupt, "the frame at byte 77", "damaged"),
    ]
    for (code, kind, position, advice) in expected {
      let error = failure.decoding(code)
      #expect(error.kind == kind && error.isBadInput)
      #expect(error.diagnosis.file == "a.zst" && error.diagnosis.position == position)
      #expect(error.diagnosis.advice.contains(advice))
    }
    #expect(failure.decoding(ZSTD_error_corruption_detected).diagnosis.found == "data corruption detected")
  }

  @Test("A truncated frame is distinguished from a damaged one")
  func truncated() {
    #expect(failure.truncated.kind == .truncated && failure.truncated.diagnosis.position == "the frame at byte 77")
  }

  @Test("A frame made with a dictionary is not called damaged by any decoder", arguments: [1, 3])
  func dictionary(threads: Int) throws {
    let folder = try TemporaryFolder()
    let first = Zstd.frame(NPY.floats([[1]]))
    let file = try folder.write("a.npy.zst", first + Zstd.withDictionary)
    let position = "the frame at byte \(first.count)"
    let error = expectError(.needsDictionary, file: file, position: position, mentioning: "again without one") {
      let cursor = try ArrayCursor.open(file, threads: threads)
      _ = try cursor.skip(.max)
    }
    #expect(error?.description.contains("damaged") == false && failure.decoding(ZSTD_error_dictionary_wrong).isBadInput)
  }

  @Test("A decoder that runs out of memory does not blame the file")
  func memory() {
    let error = ZstdFailure(file: "a.zst", frameStart: 0).decoding(ZSTD_error_memory_allocation)
    #expect(error.kind == .outOfMemory && !error.isBadInput)
    #expect(error.diagnosis.advice.contains("--threads"))
  }
}
