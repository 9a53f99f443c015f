import CollapseKernels
import Synchronization

/// Memory for one tile at a time: its products, and the results of the kernel.
///
/// `@unchecked Sendable`: ``PairTileScratchPool`` gives it to one thread at a time.
final class PairTileScratch: @unchecked Sendable {
  let product: UnsafeMutablePointer<Double>
  let exceptions: UnsafeMutablePointer<UInt32>
  private let rows: collapse_pair_neighbours
  private let columns: collapse_pair_neighbours
  private let histograms: UnsafeMutablePointer<UInt32>
  private let rowCDNV: UnsafeMutablePointer<Double>
  private let rowRegular: UnsafeMutablePointer<Int64>
  private let memory: [UnsafeMutableRawPointer]

  private static let row = PairBins.count + 1
  private static let bins = {
    var bins = [collapse_pair_bins](repeating: .init(), count: COLLAPSE_PAIR_STATISTICS)
    for statistic in Statistics.overPairs { bins[statistic.slot] = statistic.axis.bins.kernel }
    return bins
  }()

  /// - Parameter tile: classes along a side of the largest tile, a multiple of eight.
  init(tile: Int) {
    var memory: [UnsafeMutableRawPointer] = []
    func allocate<Element>(_ count: Int, _: Element.Type) -> UnsafeMutablePointer<Element> {
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
      memory.append(bytes)
      return bytes.bindMemory(to: Element.self, capacity: count)
    }
    product = allocate(tile * tile, Double.self)
    product.initialize(repeating: 0, count: tile * tile)
    exceptions = allocate(tile * tile, UInt32.self)
    rows = collapse_pair_neighbours(
      cdnv: allocate(tile, Double.self), coherence: allocate(tile, Double.self), nearest: allocate(tile, Int64.self))
    columns = collapse_pair_neighbours(
      cdnv: allocate(tile, Double.self), coherence: allocate(tile, Double.self), nearest: allocate(tile, Int64.self))
    histograms = allocate(COLLAPSE_PAIR_STATISTICS * Self.row, UInt32.self)
    (rowCDNV, rowRegular) = (allocate(tile, Double.self), allocate(tile, Int64.self))
    self.memory = memory
  }

  deinit { for bytes in memory { bytes.deallocate() } }

  /// Runs the kernel on a tile whose products are in ``product``.
  func run(_ tile: collapse_pair_tile, shifts: [Double]) -> PairTileResult {
    histograms.initialize(repeating: 0, count: COLLAPSE_PAIR_STATISTICS * Self.row)
    var results = collapse_pair_results()
    results.histograms = histograms
    results.rows = rows
    results.columns = columns
    results.exceptions = exceptions
    (results.row_cdnv, results.row_regular) = (rowCDNV, rowRegular)
    withUnsafePointer(to: tile) { collapse_pairs($0, shifts, Self.bins, &results) }
    return PairTileResult(
      pairs: results.pairs,
      sums: withUnsafeBytes(of: results.sum) { Array($0.bindMemory(to: Double.self)) },
      squares: withUnsafeBytes(of: results.square) { Array($0.bindMemory(to: Double.self)) },
      levels: withUnsafeBytes(of: results.levels) { Array($0.bindMemory(to: collapse_pair_level.self)) },
      rows: neighbours(rows, count: tile.rows.count), columns: neighbours(columns, count: tile.columns.count),
      exceptions: Array(UnsafeBufferPointer(start: exceptions, count: results.exception_count)))
  }

  /// The number of regular pairs in each bin of the statistic in a slot.
  func counts(_ slot: Int) -> [Int] {
    UnsafeBufferPointer(start: histograms + slot * Self.row, count: PairBins.count).map { Int($0) }
  }

  private func neighbours(_ found: collapse_pair_neighbours, count: Int) -> [PairTileResult.Neighbours] {
    guard let cdnv = found.cdnv, let coherence = found.coherence, let nearest = found.nearest else { return [] }
    return (0..<count).map { (cdnv[$0], coherence[$0], Int(nearest[$0])) }
  }
}

/// What the kernel found for the regular pairs of a tile, and which pairs are not regular.
struct PairTileResult {
  /// For one class, over the classes on the other side: Σ CDNV, the largest cosine, and the class it belongs to. The
  /// class is counted from the tile's first; −1 means none.
  typealias Neighbours = (cdnv: Double, coherence: Double, nearest: Int)

  /// Number of regular pairs.
  let pairs: Int
  /// By kernel slot: Σ (x − shift) and Σ (x − shift)².
  let sums: [Double]
  let squares: [Double]
  /// By level, from 1.
  let levels: [collapse_pair_level]
  let rows: [Neighbours]
  let columns: [Neighbours]
  /// The other pairs, as row · columns + column.
  let exceptions: [UInt32]
}

/// Scratch for every thread, made when it is first needed.
final class PairTileScratchPool: Sendable {
  private let tile: Int
  private let free = Mutex<[PairTileScratch]>([])

  init(tile: Int) { self.tile = tile }

  func with<Result>(_ body: (PairTileScratch) -> Result) -> Result {
    let scratch = free.withLock { $0.popLast() } ?? PairTileScratch(tile: tile)
    defer { free.withLock { $0.append(scratch) } }
    return body(scratch)
  }
}
