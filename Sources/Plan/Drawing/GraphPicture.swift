/// A stage graph, ready to draw: one box per stage in the pipeline file, in an order in which the stages can run.
///
/// A stage keeps its single box when a matrix repeats it or when it is split into shards. All its shards share a second
/// box, next to that of their merge. So does the one stage that makes all parts of a state.
package struct GraphPicture {
  struct Box: Equatable {
    let name: String
    let kind: String
    /// Matrix names and their values, in the order given.
    let matrix: [Axis]
    /// Input files that no stage writes.
    let reads: [String]
    let writes: [String]
    let arrows: [Arrow]
  }

  struct Axis: Equatable {
    let name: String
    let values: [String]
  }

  /// A reference from one box to another.
  struct Arrow: Equatable {
    let option: String
    /// Index of the box referred to.
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
    if shard.isAllParts { return "\(shard.written)/\(shard.part)" }
    return stage.makesStream ? shard.written : "\(shard.written)/*"
  }

  private static func box(
    _ name: String, _ instances: [PipelineGraph.Stage], _ numbers: [String: Int], _ graph: PipelineGraph
  ) -> Box {
    let first = instances[0]
    let kind = type(of: first.kind)
    let parts = instances.compactMap { $0.shard.flatMap { $0.isAllParts ? nil : $0.part } }.distinct()
    let axes =
      first.values.map { value in
        Axis(
          name: value.name,
          values: instances.flatMap { $0.values.filter { $0.name == value.name }.map(\.value) }.distinct())
      } + (parts.isEmpty ? [] : [Axis(name: "shard", values: parts)])
    let arrows = kind.options.flatMap { option in
      instances.flatMap { ($0.sources[option.name] ?? []).compactMap { graph.maker(of: $0).map(boxName) } }
        .distinct().compactMap { maker in numbers[maker].map { Arrow(option: option.name, from: $0) } }
    }
    return Box(
      name: name, kind: kind.name, matrix: axes,
      reads: instances.flatMap(\.allInputs).distinct(),
      writes: instances.flatMap { $0.outputs(in: graph.outputFolder).map(\.file) }.distinct(),
      arrows: arrows)
  }

  /// The lines to draw, one each for boxes, files, and the links between them.
  ///
  /// - Parameter link: draws a link between two nodes, labelled with the option that makes the reference, if any.
  func lines(
    box: (Box) -> String, file: (String) -> String, link: (_ from: String, _ to: String, _ option: String?) -> String
  ) -> [String] {
    let files = boxes.flatMap { $0.fewReads + $0.fewWrites }.distinct()
    let numbers = Dictionary(uniqueKeysWithValues: zip(files, files.indices))
    func names(_ files: [String]) -> [String] { files.compactMap { file in numbers[file].map { "file\($0)" } } }
    let links = boxes.enumerated().flatMap { number, box in
      box.arrows.map { link("stage\($0.from)", "stage\(number)", $0.option) }
        + names(box.fewReads).map { link($0, "stage\(number)", nil) }
        + names(box.fewWrites).map { link("stage\(number)", $0, nil) }
    }
    return boxes.enumerated().map { "  stage\($0)\(box($1))" } + files.enumerated().map { "  file\($0)\(file($1))" }
      + links
  }

  /// All texts if there are at most four, otherwise the first two and the last.
  package static func few(_ texts: [String], _ what: String = "") -> [String] {
    guard texts.count > 4, let last = texts.last else { return texts }
    return texts.prefix(2) + ["… \(texts.count - 3) more \(what)…", last]
  }
}

extension GraphPicture.Box {
  /// Files read and written, shortened if there are many.
  var fewReads: [String] { GraphPicture.few(reads, "for \(name) ") }
  var fewWrites: [String] { GraphPicture.few(writes, "of \(name) ") }

  /// The lines of its label.
  var label: [String] { [name, kind, repetition].filter { !$0.isEmpty } }

  /// `for each step of 1000, 2000`; empty if the stage is not repeated.
  var repetition: String {
    guard !matrix.isEmpty else { return "" }
    let axes = matrix.map { "\($0.name) of \(GraphPicture.few($0.values).joined(separator: ", "))" }
    return "for each " + axes.joined(separator: " and each ")
  }
}
