import CZstd
import Storage
import Support

/// Makes the errors for a broken Zstandard frame, which name it by its first byte.
struct ZstdFailure {
  let file: String
  /// Byte of the file at which the frame starts.
  let frameStart: Int

  var truncated: StreamError {
    error(
      .truncated, expected: "a whole Zstandard frame", found: "the end of the data inside it",
      advice: "the file was cut short: copy or write it again")
  }

  /// The decoder's error in words for the user.
  func decoding(_ code: ZSTD_ErrorCode) -> StreamError {
    switch code {
    case ZSTD_error_checksum_wrong:
      error(.corrupt, expected: "content that matches its checksum", found: "other content", advice: Self.damaged)
    case ZSTD_error_frameParameter_windowTooLarge:
      error(
        .windowTooLarge,
        expected: "a window of at most \(ByteCount.describe(WindowLimit.most)), all that libzstd decodes",
        found: "a frame that needs more", advice: "compress it again with --long=31 or less")
    case ZSTD_error_dictionary_wrong:
      // A raw dictionary leaves no name in the frame, so that case looks like a damaged frame.
      error(
        .needsDictionary, expected: "a Zstandard frame that needs no dictionary",
        found: "one made with a dictionary (zstd -D), which is not in the file",
        advice: "decompress it with its dictionary and compress it again without one")
    case ZSTD_error_memory_allocation:
      error(
        .outOfMemory, expected: "memory to decompress it", found: "none available",
        advice: "use fewer --threads, or raise the limits of the process (ulimit -v, the job's memory)")
    case ZSTD_error_prefix_unknown:
      error(
        .corrupt, at: "byte \(frameStart)", expected: "a Zstandard frame", found: "other bytes",
        advice: "remove what follows the last frame, or write the file again")
    default:
      error(
        .corrupt, expected: "a valid Zstandard frame", found: String(cString: ZSTD_getErrorString(code)).lowercased(),
        advice: Self.damaged)
    }
  }

  /// A frame needs a larger window than memory was planned for.
  func window(_ bytes: Int, most: Int) -> StreamError {
    error(
      .windowTooLarge,
      expected: "a window of at most \(ByteCount.describe(most)), as planned from the file's first frames",
      found: "\(ByteCount.describe(bytes))",
      advice:
        "decompress it into a pipe, zstd -dc --long=31 \(file) | collapse … -, or compress it again without --long")
  }

  private static let damaged = "the file is damaged: copy or write it again"

  private func error(
    _ kind: StreamError.Kind, at place: String? = nil, expected: String, found: String, advice: String
  ) -> StreamError {
    StreamError(
      kind, file: file, position: place ?? "the frame at byte \(frameStart)", expected: expected, found: found,
      advice: advice)
  }
}
