/// What a stage graph is drawn as.
public enum GraphFormat: String, CaseIterable, Sendable {
  /// For a terminal.
  case text
  /// For Graphviz.
  case dot
  /// For Markdown, as GitHub and others show it.
  case mermaid
}

extension PipelineGraph {
  /// The stages, what they refer to, and the files they read and write.
  public func drawing(_ format: GraphFormat) -> String {
    let picture = GraphPicture(self)
    return switch format {
    case .text: picture.text
    case .dot: picture.dot
    case .mermaid: picture.mermaid
    }
  }
}
