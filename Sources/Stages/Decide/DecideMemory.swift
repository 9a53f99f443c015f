import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Support

/// The memory that deciding takes: the moments and the head, each with a copy for products, plus blocks and tiles.
struct DecideMemory {
  /// Bytes.
  let total: Int

  /// The process with its libraries, and tables of a few bytes per class.
  private static let process = 64 << 20
  /// Pairs of choices, at their limit.
  private static let confusion = 128 << 20

  init(_ state: StateReader, _ head: ClassifierFile?, stream shape: StreamShape, threads: Int) {
    self.init(
      classes: state.classes, dimension: shape.dimension, lowParts: state.keepsLowParts, within: state.within,
      headRows: head?.rows ?? 0, isSingle: head?.isSingle ?? true, stream: shape, threads: threads)
  }

  /// - Parameters:
  ///   - lowParts: whether each mean is stored as two doubles.
  ///   - headRows: rows of the head, 0 if there is none.
  ///   - isSingle: whether single precision holds them exactly.
  init(
    classes: Int, dimension: Int, lowParts: Bool, within: WithinScatter, headRows: Int, isSingle: Bool,
    stream shape: StreamShape, threads: Int
  ) {
    let means = classes * dimension * MemoryLayout<Double>.size * (lowParts ? 2 : 1)
    let scatter = within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size
    let classifier = Classifier.bytes(rows: headRows, dimension: dimension, isSingle: isSingle)
    total =
      Self.process + Self.confusion + shape.bytesAtOnce + means + scatter + classifier
      + Deciders.bytes(classes: classes, dimension: dimension)
      + threads * Deciders.bytesPerThread(classes: classes, dimension: dimension)
  }

  /// Refuses inputs that cannot fit, before anything is read.
  ///
  /// - Parameter given: bytes the process may have, if an option limits them.
  func check(_ given: Int?) throws {
    let memory = given ?? ResourceLimits.standardMemory
    guard total > memory else { return }
    throw MomentsError(
      .outOfMemory,
      expected: "at least \(ByteCount.describe(total)) of memory, for these moments, this classifier and this stream",
      found: ByteCount.describe(memory),
      advice:
        "\(ResourceLimits.adviceToRaiseMemory(than: given)); or use fewer --threads, or a stream with predictions instead of --classifier"
    )
  }
}
