/// Options that are the same wherever they are.
extension Setting {
  /// The stream that a stage takes.
  package static func stream(_ help: String = "the stream", required: Bool = true) -> Setting {
    Setting("from", help, refersTo: .stream, orFile: false, required: required)
  }

  /// Threads, on which no result depends.
  ///
  /// - Parameter verb: what they do for a verb, whose `--threads` are those of its reader too.
  package static func threads(
    _ path: WritableKeyPath<Root, Int> & Sendable, _ work: String, verb: String? = nil
  ) -> Setting {
    func help(_ work: String) -> String { "threads \(work); by default what the job was given" }
    return Setting(
      path, "threads", help(work), .count(), changesResult: false, verb: verb.map { .help(help($0)) } ?? .same)
  }

  /// How often a stage keeps what it has done.
  package static func checkpoint(_ path: WritableKeyPath<Root, CheckpointInterval> & Sendable) -> Setting {
    Setting(
      path, "checkpoint",
      "how often to keep what is done so far beside the output, as in 10s; 5min by default, off for only when interrupted"
    )
  }
}
