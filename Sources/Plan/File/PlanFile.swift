import Foundation
import Support

/// A pipeline as jobs run it: with matrices, parameters and shards worked out when it was submitted, so that what happens to
/// the pipeline's file or its corpus meanwhile changes no job.
package struct PlanFile: Codable {
  /// Tells such a file from a pipeline that somebody wrote.
  private let collapsePlan: Int
  private let release: String
  private let description: PipelineDescription

  private static let version = 2

  /// What every release reads of a plan, whatever else is in it.
  private struct Head: Codable {
    let collapsePlan: Int
    let release: String
  }

  /// The text of the file for a pipeline.
  package static func text(_ graph: PipelineGraph) throws -> String {
    try PlanFile(collapsePlan: version, release: collapseVersion, description: graph.description).jsonLine() + "\n"
  }

  /// The pipeline in a file of ours; nil for any other file.
  ///
  /// Throws ``PipelineError`` where it is one of another release, or settings are to change what is settled.
  package static func read(_ file: String, settings: [String]) throws -> PipelineDescription? {
    guard file.hasSuffix(".json"), let data = FileManager.default.contents(atPath: file),
      let head = try? JSONDecoder().decode(Head.self, from: data)
    else { return nil }
    guard head.collapsePlan == version, head.release == collapseVersion else {
      throw PipelineError(
        .file(file, line: 1, column: 1),
        "expected a plan of release \(collapseVersion), found one of \(head.release)",
        advice: "run the pipeline file again with one release on all nodes")
    }
    guard settings.isEmpty else {
      throw PipelineError(
        .option("--set"), "a plan has no parameters any more", advice: "give --set with the pipeline file")
    }
    do {
      return try JSONDecoder().decode(PlanFile.self, from: data).description
    } catch {
      throw PipelineError(
        .file(file, line: 1, column: 1), "expected a plan, found one that is damaged",
        advice: "run the pipeline file again, which makes another")
    }
  }
}
