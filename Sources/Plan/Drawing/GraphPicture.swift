/// A stage graph as it is drawn: a box for what the user wrote as one stage, however often a matrix repeats it and into however
/// many shards it is split, in an order in which they can be run. Shards of a stage are a box beside that of their merge.
package struct GraphPicture {
  struct Box: Equatable {
    let name: String
    let kind: String
    /// Names of matrices with their values, in the order given.
    let matrix: [Axis]
    /// Files that no stage makes.
    let reads: [String]
    let writes: [String]
    let arrows: [Arrow]
  }

  struct Axis: Equatable {
    let name: String
    let values: [String]
  }

  /// What an option refers to.
  struct Arrow: Equatable {
    let option: String
    /// Number of the box.
    let from: Int
  }

  let name: String
  private(set) var boxes: [Box] = []

  init(_ graph: PipelineGraph) {
    name = graph.name
    let order = graph.units.joined().map { graph.stages[$0] }
    let instances = Dictionary(grouping: order, by: Self.boxName)
    var numbers: [String: Int] = [:]
    for stage in order where numbers[Self.boxName(of: stage)] == nil {
      let name = Self.boxName(of: stage)
      numbers[name] = numbers.count
      boxes.append(Self.box(name, instances[name] ?? [stage], numbers, graph))
    }
  }

  private static func boxName(of stage: PipelineGraph.Stage) -> String {
    guard let shard = stage.shard else { return stage.written }
    return stage.makesStream ? shard.written : "\(shard.written)/*"
  }

  private static func box(
    _ name: String, _ instances: [PipelineGraph.Stage], _ numbers: [String: Int], _ graph: PipelineGraph
  ) -> Box {
    let first = instances[0]
    let kind = type(of: first.kind)
    let parts = distinct(instances.compactMap { $0.shard?.part })
    let axes =
      first.values.map { value in
        Axis(
          name: value.name,
          values: distinct(instances.flatMap { $0.values.filter { $0.name == value.name }.map(\.value) }))
      } + (parts.isEmpty ? [] : [Axis(name: "shard", values: parts)])
    let arrows = kind.options.flatMap { option in
      distinct(
        instances.flatMap { ($0.sources[option.name] ?? []).compactMap { graph.maker(of: $0).map(boxName) } }
      ).compactMap { maker in numbers[maker].map { Arrow(option: option.name, from: $0) } }
    }
    return Box(
      name: name, kind: kind.name, matrix: axes,
      reads: distinct(instances.flatMap(\.allInputs)),
      writes: distinct(instances.flatMap { $0.outputs(in: graph.outputFolder).map(\.file) }),
      arrows: arrows)
  }

  static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  /// The texts, or, of many, the first two and the last.
  package static func few(_ texts: [String], _ what: String = "") -> [String] {
    guard texts.count > 4, let last = texts.last else { return texts }
    return texts.prefix(2) + ["… \(texts.count - 3) more \(what)…", last]
  }
}

extension GraphPicture.Box {
  /// Files that it reads and writes, of many a few.
  var fewReads: [String] { GraphPicture.few(reads, "for \(name) ") }
  var fewWrites: [String] { GraphPicture.few(writes, "of \(name) ") }

  /// `for each step of 1000, 2000`; empty where it is not repeated.
  var repetition: String {
    guard !matrix.isEmpty else { return "" }
    let axes = matrix.map { "\($0.name) of \(GraphPicture.few($0.values).joined(separator: ", "))" }
    return "for each " + axes.joined(separator: " and each ")
  }
}
