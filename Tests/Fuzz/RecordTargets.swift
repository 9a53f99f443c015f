import Foundation
import Logging

@testable import Artefacts
@testable import Engine
@testable import Formats
@testable import Geometry
@testable import HDF5
@testable import Moments
@testable import Plan
@testable import Report
@testable import Samples
@testable import Slurm
@testable import Stages
@testable import Storage
@testable import Support

/// What runs leave for later runs, and what others send: checkpoints, status files, plans and results.
extension FuzzTarget {
  /// 80 000 rows of three features, to resume in.
  private static let stream: String = {
    let rows = 80_000
    let labels: [Int32] = (0..<rows).map { row in Int32(row % 5) }
    let features: [Float] = (0..<rows).flatMap { row in (1...3).map { Float(row % 97 * $0) } }
    var bytes = NPYWriter.header(labels: rows) + Self.bytes(labels)
    bytes += NPYWriter.header(features: .float32, rows: rows, dimension: 3)
    bytes += Self.bytes(features)
    return write(bytes, "stream.npy")
  }()

  private static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  /// A checkpoint, whose checksum is added here, resumed as by a run of the options and inputs that it states.
  static func resume(_ bytes: [UInt8]) -> Bool {
    let log = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
    let store = CheckpointStore(output: "\(folder)/moments.h5", stage: "moments", log: log)
    let sum = Checksum()
    bytes.withUnsafeBytes(sum.update)
    let file = write(bytes + Array(sum.value.utf8), (store.current as NSString).lastPathComponent)
    guard let whole = try? CheckpointReader(file), let text = try? whole.numbers("header", as: UInt8.self),
      let header = try? JSONDecoder().decode(CheckpointStore.Header.self, from: Data(text)),
      let found = try? store.find(header.fingerprint, header.inputs)
    else { return expectDiagnosis { _ = try CheckpointReader(file) } && false }
    let moments = ClassMoments(
      dimension: 3, within: whole.byteCount("scatter") == nil ? .none : .pooled,
      moments: whole.byteCount(ClassStore.diagonalSection) == nil ? .trace : .diagonal)
    var decisions = Decisions()
    let holdsMoments = expectDiagnosis { try moments.restore(from: found.file) }
    let holdsDecisions = expectDiagnosis { try decisions.restore(from: found.file) }
    var timeline = Timeline(file: "\(folder)/t.csv", every: 10_000, within: moments.within, threads: 1)
    let holdsTimeline = (try? timeline.restore(from: found.file)) != nil
    let made = Provenance(
      madeBy: "accumulate", vocabulary: 5, skipped: 0, features: ["float32"], parts: 1, samplesDigest: "0")
    _ = expectDiagnosis {
      let start = try StreamStart([header], header.inputs)
      guard let position = start.position else { return }
      let reader = EmbeddingReader(inputs: [stream], options: ReadOptions(), after: position)
      let chain = header.chain.map { _ in TransformChain(transforms, after: header, stages: ["some"]) }
      while let block = try reader?.next() {
        if holdsMoments { try moments.fold(block) }
        if holdsDecisions {
          decisions.add(labels: block.labels, model: Array(block.labels), nearest: Array(block.labels))
        }
        try chain?.take(StreamedBlock(block: block, position: reader?.position))
        while chain?.next() != nil {}
      }
      _ = try chain?.end()
      _ = reader?.finish().samples
    }
    if holdsMoments {
      if holdsTimeline { _ = expectDiagnosis { try timeline.record(moments, most: 100) { _ in } } }
      _ = expectDiagnosis { try moments.write(to: "\(folder)/m.h5", made) }
    }
    if holdsDecisions {
      let provenance = DecisionsProvenance(
        made, dimension: 3, classes: 5, momentsChecksum: "0", classifierChecksum: "0")
      _ = expectDiagnosis { try decisions.write(to: "\(folder)/d.h5", provenance) }
    }
    return holdsMoments || holdsDecisions
  }

  /// All that a filter remembers comes from the checkpoint.
  private static var transforms: [any SampleTransform] {
    let file = write(
      Array(
        """
        stages:
          train: { uses: read, files: a.npy }
          some: { uses: filter, from: train, first: 60000, drop: [3], every-sequence: 2, sequence-samples: 10 }
          moments: { uses: accumulate, from: some, output: a.h5 }
        """.utf8), "transforms.yaml")
    let stages = (try? PipelineGraph(file: file, settings: [], in: standardRegistry))?.stages ?? []
    return stages.compactMap { try? ($0.kind as? any TransformStage)?.transform(stage: $0.name) }
  }

  /// A status file and, after a byte of 0, the jobs of a pipeline whose tasks all have that status, as `status` shows
  /// them and `cancel` reads them.
  static func readStatus(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
    let file = write(parts[0], "status.json")
    let isRead = expectDiagnosis {
      let report = try StatusReport(file)
      _ = (report.table, report.json, report.record.owner.presence, report.record.owner.description)
    }
    guard parts.count > 1 else { return isRead }
    let jobs = SlurmFolder(in: folder)
    return expectDiagnosis {
      try jobs.prepare()
      _ = write(parts[0], "slurm/status/01.0.json")
      _ = write(Array("0\n".utf8), "slurm/exit/02.0")
      _ = write(parts[1], "slurm/jobs.json")
      guard let submission = try SlurmSubmission.read(jobs) else { return }
      let report = SlurmReport(submission, in: jobs, nil)
      _ = (report.table, report.json, report.isOver, report.failed.count)
    } && isRead
  }

  /// Inputs of plans, which name them as `IN/few.npy`.
  private static let inputs: String = {
    let batch =
      NPYWriter.header(labels: 1) + bytes([Int32(3)])
      + NPYWriter.header(features: .float32, rows: 1, dimension: 3) + bytes([0.5, 1, 2] as [Float])
    for name in ["few.npy", "few2.npy"] { _ = write(batch, name) }
    _ = write(
      NPYWriter.header(features: .float32, rows: 4, dimension: 3) + bytes([Float](repeating: 1, count: 12)), "head.npy")
    return folder
  }()

  /// The plan of a pipeline, up to the scripts of its jobs.
  static func readPlan(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\"IN/", with: "\"\(inputs)/")
    let file = write(Array(text.utf8), "plan.json")
    var isPlan = false
    let isRead = expectDiagnosis {
      guard try PlanFile.read(file, settings: []) != nil else { return }
      isPlan = true
      let graph = try PipelineGraph(file: file, settings: [], in: standardRegistry)
      let slurm = try SlurmPlan(graph, RunPlan(graph), [:]) { _ in StageForecast(peak: 1 << 30) }
      let submission = SlurmSubmission(pipeline: graph.name, jobs: slurm.jobs)
      for job in slurm.jobs {
        let script = SlurmScript(
          job: job, settings: try graph.slurm(of: job), folder: SlurmFolder(in: folder),
          comment: submission.comment(job),
          program: "collapse", workingFolder: folder, options: [])
        _ = (script.text, script.tasks)
      }
    }
    return isPlan && isRead
  }

  /// A table of token classes, as CSV or, after the line `hdf5`, as lines of `name kind values` that the library writes:
  /// i and j for integers, f for floats, t for texts, m for floats in rows of two; and `@name=text` for attributes.
  static func readClasses(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    let isHDF5 = text.hasPrefix("hdf5\n")
    let file = isHDF5 ? "\(folder)/classes.h5" : write(bytes, "classes.csv")
    if isHDF5, (try? makeClasses(text, file)) == nil { return false }
    return expectDiagnosis {
      let reader = try ClassesReader(file)
      _ = (reader.facts.map { $0.1.line }, reader.table.digest)
      ClassesData(reader.table).write { _ in }
    }
  }

  private static func makeClasses(_ text: String, _ name: String) throws {
    let file = try HDF5File(writing: name, for: name)
    try file.makeGroup("/classes")
    var seen: Set<String> = []
    for line in text.split(separator: "\n").dropFirst().prefix(40) where !line.contains("\0") {
      if line.hasPrefix("@") {
        let parts = line.dropFirst().split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, seen.insert("@" + parts[0]).inserted else { continue }
        try? file.setAttribute(parts[0], Int(parts[1]).map { .int($0) } ?? .text(parts[1]))
        continue
      }
      let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, !parts[0].isEmpty, seen.insert(parts[0]).inserted else { continue }
      let (path, values) = ("/classes/\(parts[0])", parts[2].split(separator: ",").map(String.init))
      let numbers = values.map { Double($0) ?? .nan }
      switch parts[1] {
      case "i":
        try? file.makeDataset(path, .int64, shape: [values.count]).writeAll(values.map { Int64($0) ?? -1 }, .int64)
      case "j":
        try? file.makeDataset(path, .int32, shape: [values.count]).writeAll(values.map { Int32($0) ?? -1 }, .int32)
      case "f": try? file.makeDataset(path, .float64, shape: [values.count]).writeAll(numbers, .float64)
      case "m" where values.count % 2 == 0:
        try? file.makeDataset(path, .float64, shape: [values.count / 2, 2]).writeAll(numbers, .float64)
      default: try? file.writeTexts(path, values)
      }
    }
    try file.flush()
  }

  /// A state with a valid checksum. The first three bytes are what it keeps, K and d; then come V and N as 64-bit
  /// integers, and the arrays as stored. What is missing is 0.
  static func readState(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 3 else { return false }
    let format = StateFormat(
      dimension: 1 + Int(bytes[2]) % 4, classes: 1 + Int(bytes[1]) % 6, keepsLowParts: bytes[0] & 1 != 0,
      within: bytes[0] & 2 != 0 ? .pooled : .none, moments: bytes[0] & 4 != 0 ? .diagonal : .trace)
    var rest = bytes[3...]
    func take<Number: BitwiseCopyable>(_ count: Int, _ zero: Number) -> [Number] {
      let size = count * MemoryLayout<Number>.size
      let raw = Array(rest.prefix(size)) + [UInt8](repeating: 0, count: max(size - rest.count, 0))
      rest = rest.dropFirst(size)
      return raw.withUnsafeBytes { raw in
        (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self) }
      }
    }
    let sizes = take(2, 0)
    let (classes, rows) = (format.classes, format.classes * format.dimension)
    let (tokens, counts, means, m2) = (take(classes, Int32(0)), take(classes, 0), take(rows, 0.0), take(classes, 0.0))
    let lowParts = format.keepsLowParts ? take(rows, 0.0) : nil
    let diagonals = format.moments == .trace ? nil : take(rows, 0.0)
    let scatter = format.within == .none ? nil : take(format.dimension * format.dimension, 0.0)
    let made = Provenance(
      madeBy: "accumulate", vocabulary: sizes[0], skipped: 0, features: ["float64"], parts: 1, samplesDigest: "0")
    let sums = StateCheck.Sums()
    means.withUnsafeBufferPointer { means in
      (lowParts ?? []).withUnsafeBufferPointer { low in
        (diagonals ?? []).withUnsafeBufferPointer { second in
          sums.update(
            tokens, counts, m2, means: means, lowParts: lowParts == nil ? nil : low,
            diagonals: diagonals == nil ? nil : second)
        }
      }
    }
    if let scatter { sums.scatter.update(scatter) }
    let name = "\(folder)/state.h5"
    do {
      let file = try HDF5File(writing: name, for: name)
      func write<Number: BitwiseCopyable>(_ path: String, _ numbers: [Number], _ type: HDF5Element, _ shape: [Int])
        throws
      {
        try file.makeDataset(path, type, shape: shape).writeAll(numbers, type)
      }
      try file.makeGroup("/classes")
      try write("/classes/token", tokens, .int32, [classes])
      try write("/classes/count", counts, .int64, [classes])
      try write("/classes/mean", means, .float64, [classes, format.dimension])
      try write("/classes/m2", m2, .float64, [classes])
      if let lowParts { try write("/classes/mean_carry", lowParts, .float64, [classes, format.dimension]) }
      if let diagonals {
        try write("/classes/m2_diagonal", diagonals, .float64, [classes, format.dimension])
      }
      if let scatter {
        try file.makeGroup("/within")
        try write("/within/scatter", scatter, .float64, [format.dimension, format.dimension])
      }
      let attributes = format.attributes(samples: sizes[1], made)
      try StateFormat.file.finish(
        file, made, attributes, checksum: sums.value(attributes), version: format.version(made))
    } catch {
      preconditionFailure("no room for the state: \(error)")
    }
    return expectDiagnosis {
      let reader = try StateReader(name)
      var spreads = FeatureSpreads()
      let table = try reader.table { spreads.add($0) }
      _ = (table.samples, reader.samples)
    }
  }

  /// Measurements, as `inspect`, `collect` and `report` read them.
  static func readMeasures(_ bytes: [UInt8]) -> Bool {
    let file = write(bytes, "measures.json")
    return expectDiagnosis {
      let reader = try MeasuresReader(file)
      _ = reader.facts.map { $0.1.line }
      _ = try MeasurementsOrigin.check(reader.json, file)
      let table = CollectedTable([.init(name: file, values: [], measures: reader.json)])
      _ = (table.csv, MeasuresView(json: reader.json).sections.count)
    }
  }
}
