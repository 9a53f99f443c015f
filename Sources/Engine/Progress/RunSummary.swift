import Plan
import Storage
import Support

/// The summary of a run: the time each stage took, worked and waited, and which one set the pace.
struct RunSummary {
  let record: StatusRecord
  /// Output files with their sizes; those of links' targets, because outputs are written through links. Pipes keep
  /// nothing.
  let outputs: [(file: String, bytes: Int)]

  init(_ status: RunStatus, outputs: [String]) {
    record = status.record
    self.outputs = outputs.compactMap { file in Files.size(of: file).map { (file, $0) } }
  }

  var lines: [String] {
    let ran = record.stages.filter { $0.state != Meter.State.unchanged.name }
    var lines = slowest(ran).map { stage in
      let rows = stage.rows > 0 ? ", \(ProgressDisplay.grouped(stage.rows)) rows" : ""
      let read = stage.unit == "B" ? ", \(ByteCount.describe(stage.done)) read" : ""
      return
        "\(stage.name): took \(ProgressDisplay.time(stage.seconds)), worked \(ProgressDisplay.time(stage.worked)), "
        + "waited \(ProgressDisplay.time(stage.waited))\(rows)\(read)"
    }
    if ran.count > lines.count { lines.append("and \(ran.count - lines.count) faster stages") }
    let made = GraphPicture.few(outputs.map { "\($0.file) (\(ByteCount.describe($0.bytes)))" }).joined(separator: ", ")
    var last = "\(record.state.rawValue) after \(ProgressDisplay.time(record.seconds))"
    if let bottleneck = record.bottleneck, record.stages.count > 1 { last += "; \(bottleneck) set the pace" }
    last += "; peak memory \(ByteCount.describe(record.peakMemory))"
    if record.retries > 0 { last += "; files reopened: \(record.retries)" }
    if !made.isEmpty { last += "; made \(made)" }
    lines.append(last)
    return lines
  }

  /// Most stages listed.
  private static let most = 12

  /// The stages that worked longest, in run order, if there are too many to list.
  private func slowest(_ stages: [StatusRecord.Stage]) -> [StatusRecord.Stage] {
    guard stages.count > Self.most else { return stages }
    let chosen = Set(stages.indices.sorted { stages[$0].worked > stages[$1].worked }.prefix(Self.most))
    return stages.indices.filter(chosen.contains).map { stages[$0] }
  }
}
