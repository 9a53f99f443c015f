import Artefacts
import Foundation
import Moments
import Samples
import Storage
import Support

/// The moments of every token class seen: what an ``Accumulator`` ends with, and what a state file holds.
///
/// With n_c samples h of class c: μ_c = Σ h / n_c, M2_c = Σ‖h − μ_c‖², and if it was kept, the scatter
/// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ. Classes are in ascending order of their token ids. Two states are equal if their files are.
public struct CollapseState: Sendable, Equatable {
  let held: HeldState

  init(held: HeldState) { self.held = held }

  /// Reads a state file (HDF5) that ``save(to:)`` or `collapse accumulate` or `merge` wrote.
  ///
  /// - Throws: ``CollapseError`` of kind `missingFile`, or `badFile` if its checksum shows that it was changed.
  public init(reading file: String) throws(CollapseError) {
    held = try CollapseError.wrapping { try HeldState(reading: file) }
  }

  /// Writes the state to a file (HDF5), whole or not at all: the bytes that `collapse accumulate` writes.
  ///
  /// - Throws: ``CollapseError`` of kind `cannotWrite`.
  public func save(to file: String) throws(CollapseError) {
    try CollapseError.wrapping { try held.write(to: file) }
  }

  /// d, the features of a sample.
  public var dimension: Int { held.table.dimension }
  /// N, all samples.
  public var samples: Int { held.table.samples }
  /// K, the classes seen.
  public var classes: Int { held.table.classes }
  /// The K token ids, ascending.
  public var tokens: [Int32] { held.table.tokens }
  /// n_c, the samples of each class.
  public var counts: [Int] { held.table.counts }
  /// μ_c, [K × d] row-major.
  public var means: [Double] { held.table.means.elements }
  /// M2_c = Σ‖h − μ_c‖² of each class.
  public var secondMoments: [Double] { held.table.m2 }
  /// Which scatter was kept.
  public var within: WithinScatter { WithinScatter(held.within) }
  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ over all samples, [d × d] and symmetric; nil if it was not kept.
  public var withinScatter: [Double]? { held.table.withinScatter?.elements }
  /// Rows left out for a NaN or an infinite feature.
  public var skipped: Int { held.provenance.skipped }
  /// XXH3-128 of labels and features in their order, whatever held them; of a merge, of its parts.
  public var samplesDigest: String { held.provenance.samplesDigest }
  /// XXH3-128 of the numbers and of what made them.
  public var checksum: String { held.checksum }

  public static func == (a: CollapseState, b: CollapseState) -> Bool { a.checksum == b.checksum }
}

extension CollapseState {
  /// Merges states, in order, as if their samples had been accumulated together.
  ///
  /// For a class in two states, with δ = μ_b − μ_a and n = n_a + n_b: μ = μ_a + δ·n_b/n, M2 = M2_a + M2_b + ‖δ‖²·n_a·n_b/n.
  /// States are joined in a binary tree over their order. The result has the bytes that `collapse merge` writes; it agrees
  /// with accumulating all samples at once to rounding.
  ///
  /// - Parameter threads: by default as many as the process was given. The result does not depend on it.
  /// - Throws: ``CollapseError`` of kind `parameter` (no states), `dimension`, `mismatch`, `outOfRange` or `cannotWrite`
  ///   (states pass through a temporary folder).
  /// - Source: Chan, Golub & LeVeque 1979.
  public static func merge(_ states: [CollapseState], threads: Int? = nil) throws(CollapseError) -> CollapseState {
    try CollapseError.wrapping {
      let folder = try TemporaryFile.folder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let files = states.indices.map { "\(folder)/\($0).h5" }
      do {
        for (state, file) in zip(states, files) { try state.held.write(to: file) }
        try merge(files, into: "\(folder)/merged.h5", memory: nil, scratch: folder, threads)
        return CollapseState(held: try HeldState(reading: "\(folder)/merged.h5"))
      } catch let error as any DiagnosedError {
        throw RewordedError(error) { diagnosis in
          func name(_ text: String) -> String {
            files.indices.reversed().reduce(text) { $0.replacing(files[$1], with: "states[\($1)]") }
          }
          diagnosis.file = diagnosis.file.map(name)
          (diagnosis.expected, diagnosis.found) = (name(diagnosis.expected), name(diagnosis.found))
        }
      }
    }
  }

  /// Merges state files into another, in order, one range of classes at a time: states may be larger than memory.
  ///
  /// - Parameters:
  ///   - memory: bytes that the process may take; by default nine tenths of what it was given.
  ///   - scratch: the folder for what finds no room; by default `TMPDIR`, else `/tmp`.
  ///   - threads: by default as many as the process was given.
  /// - Throws: ``CollapseError`` as ``merge(_:threads:)``, and of kind `missingFile`, `badFile` or `outOfMemory`.
  public static func merge(
    files: [String], to file: String, memory: Int? = nil, scratch: String? = nil, threads: Int? = nil
  ) throws(CollapseError) {
    try CollapseError.wrapping {
      try merge(files, into: file, memory: memory, scratch: scratch ?? TemporaryFile.directory, threads)
    }
  }

  private static func merge(
    _ files: [String], into file: String, memory: Int?, scratch: String, _ threads: Int?
  ) throws {
    guard !files.isEmpty else {
      throw CollapseError(
        .parameter, "states", expected: "at least one state", found: "none", advice: "give some states")
    }
    let merge = try StateMerge(files)
    let plan = try merge.plan(
      memory: memory ?? ResourceLimits.standardMemory, adviceToRaiseMemory: "give more `memory`")
    _ = try merge.write(
      to: file, plan: plan, scratch: scratch, workers: WorkerThreads(threads ?? ResourceLimits.threads)
    ) { _ in try Task.checkCancellation() }
  }
}
