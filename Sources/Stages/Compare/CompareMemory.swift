import Artefacts
import Engine
import Geometry
import Storage
import Support

/// What comparing needs in memory, from the headers of the two states and the numbers of classes.
struct CompareMemory {
  /// One of the two states.
  struct Side {
    let classes: Int
    let dimension: Int
    let keepsLowParts: Bool
  }

  let a: Side
  let b: Side
  let hasTokenizer: Bool
  let threads: Int

  /// Bytes that reading states takes at a time.
  private static let reading = 32 << 20
  /// Bytes of a class in tables, of its texts, and of its line in the table.
  private static let classBytes = 400
  private static let textBytes = 300

  /// - Parameters:
  ///   - common: K, the classes that both have and that are selected.
  ///   - largestGroup: the most classes of a group that is compared too.
  func need(common: Int, largestGroup: Int?) -> MemoryNeed {
    let memory = ComparisonMemory(dimensions: (a.dimension, b.dimension), threads: threads)
    var need = MemoryNeed()
    for (name, side) in [("A", a), ("B", b)] {
      let bytes = ComparisonMemory.vectors(dimension: side.dimension, keepsLowParts: side.keepsLowParts)
      need.add(common * bytes, for: "\(common) class means of \(name), and centred")
      need.add((largestGroup ?? 0) * bytes, for: "those of a group")
      need.add(side.classes * 3 * MemoryLayout<Int>.size, for: "tokens and counts")
    }
    need.add(memory.matrices, for: "d × d products")
    need.add(
      Self.reading + memory.tiles + common * (Self.classBytes + (hasTokenizer ? Self.textBytes : 0)),
      for: "tiles, tables and buffers")
    return need
  }

  /// How a user can do with less.
  static func alternatives(_ stage: CompareStage) -> [String] {
    ["compare fewer classes with --min-count"] + (stage.threads > 1 ? ["use fewer --threads"] : [])
  }
}

extension CompareMemory.Side {
  init(_ state: StateReader) {
    self.init(classes: state.classes, dimension: state.dimension, keepsLowParts: state.keepsLowParts)
  }
}

extension MemoryNeed {
  /// Adds what files take that are read whole: measurements, a tokenizer, and a list of tokens.
  mutating func addFiles(of stage: CompareStage, measures: [String]) {
    addSelection(tokenizer: stage.tokenizer?.value, tokens: stage.tokens?.value)
    add(MemoryBudget.share * FileSizes.total(measures), for: "the measurements")
  }
}
