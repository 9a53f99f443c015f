/// Limits for decoding Zstandard frames in parallel: the size of a frame, and how much to read ahead.
///
/// A frame with 4 096 rows of 4 096 16-bit features is within them.
package struct FrameLimits {
  /// The most compressed bytes in a frame.
  package let frame: Int
  /// The most decoded bytes in a frame.
  package let content: Int
  /// The most bytes of frames to read ahead, compressed plus decoded, for any number of threads.
  package let ahead: Int

  package init(frame: Int = 40 << 20, content: Int = 40 << 20, ahead: Int = 128 << 20) {
    (self.frame, self.content, self.ahead) = (frame, content, ahead)
  }
}
