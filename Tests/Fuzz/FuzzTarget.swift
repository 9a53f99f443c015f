import Foundation

@testable import Artefacts
@testable import Formats
@testable import HDF5
@testable import Plan
@testable import Slurm
@testable import Support

/// A parser of untrusted bytes. Bytes are read or refused with a diagnosis; anything else is a finding.
enum FuzzTarget: String, CaseIterable {
  /// An embedding stream: NPY headers and arrays.
  case npy
  /// Zstandard frames, decompressed by one thread and by two, which must agree.
  case zstd
  /// The directory and tensors of a safetensors file.
  case safetensors
  /// Chunks of HDF5 through the decoders of this project; the first byte selects the filters.
  case hdf5
  /// Attributes of a state or of decisions in HDF5, one per line: `name=value`, an integer or a text.
  case attributes
  /// Tokens and lengths of sequences for ten positions of features; the first byte says where the tokens end.
  case tokens
  /// A Megatron index and its tokens, or a token file of llm.c; the first two bytes are the length of the index.
  case headers
  /// A pipeline file.
  case pipeline
  /// A checkpoint without its checksum.
  case checkpoint
  /// A table of token classes.
  case classes
  /// The status of a run, and the jobs of a pipeline.
  case status
  /// The plan of a pipeline.
  case plan
  /// The numbers of a state.
  case state
  /// Measurements.
  case measures

  /// The target to run. The fuzzing loop has one thread.
  nonisolated(unsafe) static var current = npy

  /// Whether the bytes are read, not refused.
  @discardableResult
  func run(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = Array(bytes)
    switch self {
    case .npy, .safetensors:
      let file = Self.write(bytes, "input")
      return Self.expectDiagnosis { _ = try Self.digest(file, threads: 1) }
    case .zstd:
      let file = Self.write(bytes, "input")
      let found = [1, 2].map { threads in try? Self.digest(file, threads: threads) }
      precondition(found[0] == found[1], "one thread reads another stream than two")
      return Self.expectDiagnosis { _ = try Self.digest(file, threads: 1) }
    case .hdf5: return Self.decodeChunk(bytes)
    case .attributes: return Self.readAttributes(String(decoding: bytes, as: UTF8.self))
    case .tokens: return Self.pair(bytes)
    case .headers: return Self.readTokens(bytes)
    case .pipeline:
      let file = Self.write(bytes, "input.yaml")
      return Self.expectDiagnosis { _ = try PipelineGraph(file: file, settings: [], in: standardRegistry) }
    case .checkpoint: return Self.resume(bytes)
    case .classes: return Self.readClasses(bytes)
    case .status: return Self.readStatus(bytes)
    case .plan: return Self.readPlan(bytes)
    case .state: return Self.readState(bytes)
    case .measures: return Self.readMeasures(bytes)
    }
  }

  static let folder: String = {
    let folder = "/dev/shm/collapse-fuzz-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }()

  static func write(_ bytes: [UInt8], _ name: String) -> String {
    let file = "\(folder)/\(name)"
    precondition(FileManager.default.createFile(atPath: file, contents: Data(bytes)), "no room for the input")
    return file
  }

  /// Whether `body` does not throw; any error must say what is wrong.
  static func expectDiagnosis(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch let error as any DiagnosedError {
      precondition(!error.diagnosis.expected.isEmpty && !error.diagnosis.advice.isEmpty, "an error that says nothing")
    } catch let error as PipelineError {
      precondition(!error.problems.isEmpty, "an error that says nothing")
    } catch {
      preconditionFailure("an error without a diagnosis: \(error)")
    }
    return false
  }

  /// The sum over a stream's samples.
  private static func digest(_ file: String, threads: Int) throws -> String {
    let reader = EmbeddingReader(
      inputs: [file], options: ReadOptions(nonfinite: .skip, uint16IsBFloat16: true, threads: threads))
    while try reader.next() != nil {}
    return reader.finish().samples
  }

  private static let pipelines: [[HDF5Pipeline.Filter]] = [
    [.lzf], [.deflate], [.zstd], [.shuffle(width: 2), .lzf], [.shuffle(width: 3), .deflate], [.fletcher32],
    [.lzf, .fletcher32], [.shuffle(width: 4), .zstd, .fletcher32], [],
  ]

  private static func decodeChunk(_ bytes: [UInt8]) -> Bool {
    guard let choice = bytes.first else { return false }
    let pipeline = HDF5Pipeline(filters: pipelines[Int(choice) % pipelines.count])
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 960, alignment: 64)
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 2 * pipeline.scratchBytes(target.count), alignment: 64)
    defer {
      target.deallocate()
      scratch.deallocate()
    }
    return bytes.dropFirst().withUnsafeBytes { raw in
      (try? pipeline.decode(raw, mask: UInt32(choice) / 64, into: target, scratch: scratch)) != nil
    }
  }

  /// Two classes of two features, with the given attributes, in a valid container made by the library.
  private static func readAttributes(_ text: String) -> Bool {
    let name = "\(folder)/attributes.h5"
    var seen: Set<String> = []
    guard let file = try? HDF5File(writing: name, for: name), (try? file.makeGroup("/classes")) != nil else {
      return false
    }
    func write<Number: BitwiseCopyable>(_ numbers: [Number], _ path: String, _ type: HDF5Element, _ shape: [Int]) {
      try? file.makeDataset("/classes/\(path)", type, shape: shape).writeAll(numbers, type)
    }
    write([3, 7] as [Int32], "token", .int32, [2])
    write([2, 5] as [Int64], "count", .int64, [2])
    write([0.5, 1, 2, -3], "mean", .float64, [2, 2])
    write([4.0, 0.25], "m2", .float64, [2])
    for line in text.split(separator: "\n").prefix(40) {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains("\0"), seen.insert(parts[0]).inserted else {
        continue
      }
      try? file.setAttribute(parts[0], Int(parts[1]).map { .int($0) } ?? .text(parts[1]))
    }
    guard (try? file.flush()) != nil else { return false }
    let isState = expectDiagnosis { try StateReader(name).read { _ in } }
    return expectDiagnosis { _ = try DecisionsReader(name) } || isState
  }

  /// Ten positions of one feature, as NPY.
  private static let features: String = {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (10, 1)}"
    let padded = text + String(repeating: " ", count: 117 - text.utf8.count) + "\n"
    return write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + [UInt8](repeating: 0, count: 40),
      "features.npy")
  }()

  private static func readTokens(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 2 else { return false }
    let rest = Array(bytes[2...])
    let split = min(Int(bytes[0]) | Int(bytes[1]) << 8, rest.count)
    _ = write(Array(rest[..<split]), "corpus.idx")
    let tokens = write(Array(rest[split...]), "corpus.bin")
    return expectDiagnosis {
      var counts = TokenCounts()
      try counts.add(file: tokens, width: nil)
      let overview = try PositionOverview(tokens: tokens, width: nil)
      precondition(counts.samples == overview.positions, "two ways count differently")
    }
  }

  private static func pair(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    let rest = Array(bytes.dropFirst())
    let split = min(Int(first), rest.count)
    let tokens = write(Array(rest[..<split]), "tokens")
    let alignment = TokenAlignment(
      tokens: [tokens], width: .uint16, bounds: .lengths([write(Array(rest[split...]), "lengths")]))
    return expectDiagnosis {
      let reader = EmbeddingReader(inputs: [features], options: ReadOptions(alignment: alignment))
      while try reader.next() != nil {}
    }
  }
}
