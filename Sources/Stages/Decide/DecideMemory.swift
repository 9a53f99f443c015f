import Artefacts
import Deciding
import Engine
import Formats
import Geometry
import Moments
import Support

/// The memory that deciding takes: the moments and the head, each with a copy for products, plus blocks and tiles.
struct DecideMemory {
  let need: MemoryNeed

  /// Pairs of choices, at their limit.
  private static let confusion = 128 << 20

  init(
    _ state: StateReader, _ head: ClassifierFile?, rows: HeadRows, stream shape: StreamShape, threads: Int
  ) {
    self.init(
      classes: state.classes, dimension: shape.dimension, lowParts: state.keepsLowParts, within: state.within,
      headRows: head?.rows ?? 0, isSingle: head?.isSingle ?? true, chosen: rows, stream: shape, threads: threads)
  }

  /// - Parameters:
  ///   - lowParts: whether each mean is stored as two doubles.
  ///   - headRows: rows of the head, 0 if there is none.
  ///   - isSingle: whether single precision holds them exactly.
  ///   - chosen: the rows that the head chooses from.
  init(
    classes: Int, dimension: Int, lowParts: Bool, within: WithinScatter, headRows: Int, isSingle: Bool,
    chosen: HeadRows, stream shape: StreamShape, threads: Int
  ) {
    var need = MemoryNeed()
    need.add(
      classes * dimension * MemoryLayout<Double>.size * (lowParts ? 2 : 1), for: "\(classes) class means")
    need.add(
      within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size, for: "the within-class scatter")
    need.add(
      Classifier.bytes(rows: headRows, dimension: dimension, isSingle: isSingle),
      for: "the classifier's \(headRows) rows")
    let selected = chosen == .seen && headRows > 0 ? classes : 0
    need.add(
      Classifier.bytes(rows: selected, dimension: dimension, isSingle: isSingle), for: "those of the classes seen")
    need.add(Deciders.bytes(classes: classes, dimension: dimension), for: "copies of the means for products")
    need.add(threads * Deciders.bytesPerThread(classes: classes, dimension: dimension), for: "products")
    need.add(shape.bytesAtOnce, for: "blocks of the stream")
    need.add(Self.confusion, for: "pairs of choices")
    self.need = need
  }

  /// Refuses inputs that cannot fit, before anything is read.
  ///
  /// - Parameter given: bytes the process may have, if an option limits them.
  func check(_ given: Int?) throws {
    try need.check(given, or: ["use fewer --threads", "use a stream with predictions instead of --classifier"])
  }
}
