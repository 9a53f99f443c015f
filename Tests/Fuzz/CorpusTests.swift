import Foundation
import TestSupport
import Testing

/// Every seed and every past finding, run the way the fuzzer runs it.
@Suite("Corpora of the fuzz targets", .serialized)
struct CorpusTests {
  /// Whether a file is one that must be refused with a diagnosis; all others must be read.
  ///
  /// The checksums of the attributes do not match the arrays they are stored with.
  private static func isRefused(_ file: String, _ target: FuzzTarget) -> Bool {
    switch target {
    case .attributes: true
    case .pipeline: !file.hasSuffix(".yaml")
    case .npy, .zstd, .safetensors, .hdf5, .tokens, .headers, .checkpoint, .classes, .status, .plan, .state, .measures:
      false
    }
  }

  private static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
  }

  @Test("Each target reads its corpus, or refuses it with a diagnosis", arguments: FuzzTarget.allCases)
  func corpus(target: FuzzTarget) throws {
    let root = Places.root.path
    var files = try Self.files("\(root)/Tests/Fuzz/Corpus/\(target.rawValue)")
    if target == .pipeline { files += try Self.files("\(root)/Pipelines").filter { $0.hasSuffix(".yaml") } }
    #expect(files.count >= 2)
    for file in files {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      let isRead = bytes.withUnsafeBufferPointer { target.run($0) }
      #expect(isRead != Self.isRefused(file, target), "\(file)")
    }
  }

  @Test("An empty file, and one byte of each value, are refused with a diagnosis", arguments: FuzzTarget.allCases)
  func short(target: FuzzTarget) {
    #expect(![UInt8]().withUnsafeBufferPointer { target.run($0) })
    for byte in UInt8.min...UInt8.max { #expect(![byte].withUnsafeBufferPointer { target.run($0) }, "\(byte)") }
  }
}
