/// Options that several kinds share.
extension Setting {
  /// The stream a stage takes.
  package static func stream(_ help: String = "the stream", required: Bool = true) -> Setting {
    Setting("from", help, refersTo: .stream, orFile: false, required: required)
  }

  /// Number of threads. Results do not depend on it.
  ///
  /// - Parameter verb: their work in a verb, where `--threads` also covers the reader.
  package static func threads(
    _ path: WritableKeyPath<Root, Int> & Sendable, _ work: String, verb: String? = nil
  ) -> Setting {
    func help(_ work: String) -> String { "threads \(work); by default what the job was given" }
    return Setting(
      path, "threads", help(work), .count(atMost: mostThreads), changesResult: false,
      verb: verb.map { .help(help($0)) } ?? .same)
  }

  /// More threads than any machine has processors for.
  private static var mostThreads: Int { 4096 }

  /// How often a stage writes a checkpoint.
  package static func checkpoint(_ path: WritableKeyPath<Root, CheckpointInterval> & Sendable) -> Setting {
    Setting(
      path, "checkpoint",
      "how often to save a checkpoint beside the output, as in 10s; 5min by default, off saves only when interrupted"
    )
  }
}
