import Foundation
import Storage
import Support

/// A pipeline frozen for its jobs: matrices, parameters and shards are expanded when it is submitted. Later changes to
/// the pipeline file or the corpus do not affect the jobs.
package struct PlanFile: Codable {
  /// Marks the file as a plan, not a pipeline that somebody wrote.
  private let collapsePlan: Int
  private let release: String
  private let description: PipelineDescription

  private static let version = 2

  /// The fields that every release can read.
  private struct Head: Codable {
    let collapsePlan: Int
    let release: String
  }

  /// The text of a plan file for a pipeline.
  package static func text(_ graph: PipelineGraph) throws -> String {
    try PlanFile(collapsePlan: version, release: collapseVersion, description: graph.description).jsonLine() + "\n"
  }

  /// The pipeline in a plan file; nil for any other file.
  ///
  /// Throws ``PipelineError`` if another release wrote the plan, or if `settings` would change it.
  package static func read(_ file: String, settings: [String]) throws -> PipelineDescription? {
    guard file.hasSuffix(".json"), let data = try Files.contents(of: file),
      let head = try? JSONDecoder().decode(Head.self, from: data)
    else { return nil }
    guard head.collapsePlan == version, head.release == collapseVersion else {
      throw PipelineError(
        .file(file, line: 1, column: 1),
        "expected a plan of release \(collapseVersion), found one of release \(head.release)",
        advice: "run the pipeline file again, with the same release on all nodes")
    }
    guard settings.isEmpty else {
      throw PipelineError(
        .option("--set"), "the parameters of a plan are fixed", advice: "give --set with the pipeline file")
    }
    func damaged(_ expected: String, _ found: String) -> PipelineError {
      PipelineError(
        .file(file, line: 1, column: 1), "expected \(expected), found \(found)",
        advice: "run the pipeline file again to write a new plan")
    }
    guard var description = try? JSONDecoder().decode(PlanFile.self, from: data).description else {
      throw damaged("a plan", "a damaged one")
    }
    if let name = description.stages.lazy.flatMap(names).first(where: { !isStageName($0) }) {
      throw damaged("a stage name of letters, digits and “_.,=+-”, perhaps with that of a shard", "“\(name)”")
    }
    // A plan may come from anywhere too: what it says of places is no consent.
    let out = PipelineDescription.outputParameter
    if let given = description.parameters[out], given.place.isOnCommandLine {
      description.parameters[out] = Located(given.value, .file(file, line: 1, column: 1))
    }
    return description
  }

  private static func names(of stage: StageDescription) -> [String] {
    [stage.name, stage.written] + (stage.shard.map { [$0.stage, $0.written] } ?? [])
  }

  /// Whether a stage of a plan may have this name: that of a stage in a pipeline file, with matrix values and a shard.
  /// Stage names are also file names, and words in the scripts of jobs.
  package static func isStageName(_ name: String) -> Bool {
    PipelineFile.isName(name, "^[A-Za-z0-9_-][A-Za-z0-9_.,=+-]*(/[A-Za-z0-9_.+-]+)?$")
  }
}
