import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Samples
import Support

/// The memory that deciding takes: the moments and the head, each once more for products, blocks, and tiles.
struct DecideMemory {
  /// Bytes.
  let total: Int

  /// The process with its libraries, and tables of a few bytes a class.
  private static let process = 64 << 20
  /// Pairs of choices, all there may be.
  private static let confusion = 128 << 20

  init(_ state: StateReader, _ head: ClassifierFile?, stream shape: StreamShape, threads: Int) {
    let carries = state.provenance.features.contains {
      ScalarType(rawValue: $0).map(ClassMoments.carriesMeans) ?? false
    }
    self.init(
      classes: state.classes, dimension: shape.dimension, carries: carries, within: state.within,
      headRows: head?.rows ?? 0, isSingle: head?.isSingle ?? true, stream: shape, threads: threads)
  }

  /// - Parameters:
  ///   - carries: whether means are two doubles.
  ///   - headRows: rows of the head, 0 where there is none.
  ///   - isSingle: whether single precision holds them.
  init(
    classes: Int, dimension: Int, carries: Bool, within: WithinScatter, headRows: Int, isSingle: Bool,
    stream shape: StreamShape, threads: Int
  ) {
    let means = classes * dimension * MemoryLayout<Double>.size * (carries ? 2 : 1)
    let scatter = within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size
    let classifier = Classifier.bytes(rows: headRows, dimension: dimension, isSingle: isSingle)
    total =
      Self.process + Self.confusion + shape.bytesAtOnce + means + scatter + classifier
      + Deciders.bytes(classes: classes, dimension: dimension)
      + threads * Deciders.bytesPerThread(classes: classes, dimension: dimension)
  }

  /// Refuses, before anything is read, what cannot fit.
  ///
  /// - Parameter given: bytes the process may have, where an option says so.
  func check(_ given: Int?) throws {
    let memory = given ?? Allowance.standardMemory
    guard total > memory else { return }
    throw MomentsError(
      .outOfMemory,
      expected: "memory of \(ByteCount.describe(total)) at least, for these moments, this classifier and this stream",
      found: ByteCount.describe(memory),
      advice:
        "\(Allowance.adviceForMore(than: given)); or fewer --threads, or a stream that carries predictions in place of --classifier"
    )
  }
}
