import Embeddings
import Moments

/// Measures how far a model's features and classifier have collapsed.
public enum NeuralCollapse {
  /// All statistics of the classes of `table`, and a table of the classes themselves.
  ///
  /// ```swift
  /// let selection = try ClassSelection(table, minCount: options.minCount)
  /// try selection.checkHead(rows: head.rows, columns: head.columns)
  /// let classifier = head.selecting(selection.tokens.map(Int.init))
  /// let measures = try NeuralCollapse.measure(table, classifier: classifier, options: options)
  /// print(measures.json.text, terminator: "")
  /// ```
  ///
  /// The result has the same bits for any number of threads. `nc1_pinv` and `nc1_svd` need the within-class scatter in
  /// `table`, `nc3_…` need `classifier`, `nc4` needs `decisions`; without, they are absent.
  ///
  /// The call takes as long as the sweep over pairs takes and keeps `options.threads` threads busy meanwhile: it does not
  /// belong on a thread of Swift's cooperative pool.
  ///
  /// - Parameters:
  ///   - classifier: w_c, [K × d], a row for each class that `ClassSelection(table, minCount: options.minCount)` lists.
  ///   - decisions: what two deciders chose for unseen samples, one of them by the means of this table.
  ///   - progress: is told after each tile of the sweep how many of how many are done; on any thread, one call at a time.
  ///   - checkpoint: is called now and then on the caller's thread; what it throws ends the measuring.
  /// - Throws: ``GeometryError``, and what `checkpoint` throws.
  /// - Complexity: O(K²·d) time, O(K·d + d²) memory.
  public static func measure(
    _ table: MomentsTable, classifier: Matrix? = nil, decisions: Decisions? = nil,
    options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkpoint: () throws -> Void = {}
  ) throws -> Measures {
    let selection = try ClassSelection(table, minCount: options.minCount)
    let geometry = try ClassGeometry(
      table, selection, classifier: classifier, decisions: decisions, options: options, progress: progress,
      checkpoint: checkpoint)
    return Measures(try Statistics.all.flatMap { try $0.measure(geometry) }, classes: ClassTable(geometry))
  }
}
