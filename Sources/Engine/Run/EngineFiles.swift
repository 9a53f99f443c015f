import Storage

/// The files that a run keeps beside its outputs, and how it knows its own.
package enum EngineFiles {
  package static let own = [StatusRecord.own, CheckpointFormat.own] + StageRecord.own
}
