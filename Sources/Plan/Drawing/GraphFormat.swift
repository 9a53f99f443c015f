/// How a stage graph is drawn.
package enum GraphFormat: String, CaseIterable, Sendable {
  /// For a terminal.
  case text
  /// For Graphviz.
  case dot
  /// For Markdown, where GitHub and others render it.
  case mermaid
}

extension PipelineGraph {
  /// Draws the stages, their references, and the files they read and write.
  package func drawing(_ format: GraphFormat) -> String {
    let picture = GraphPicture(self)
    return switch format {
    case .text: picture.text
    case .dot: picture.dot
    case .mermaid: picture.mermaid
    }
  }
}
