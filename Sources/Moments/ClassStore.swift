import Embeddings

/// The moments of every class seen, by slot: token id, n, μ and M2.
final class ClassStore {
  let dimension: Int
  private(set) var slots = TokenSlots()
  private(set) var centres: RowStore
  private(set) var carries: RowStore
  /// Whether means have a second double; see ``ClassMoments``.
  private(set) var hasCarry = false
  var counts: [Int] = []
  var m2: [Double] = []

  init(dimension: Int) {
    self.dimension = dimension
    centres = RowStore(dimension: dimension)
    carries = RowStore(dimension: dimension)
  }

  /// K, the classes seen.
  var classes: Int { counts.count }

  /// Bytes in memory.
  var byteCount: Int { centres.byteCount + carries.byteCount + classes * 24 }

  func mean(_ slot: Int) -> (centre: UnsafeMutablePointer<Double>, carry: UnsafeMutablePointer<Double>?) {
    (centres[slot], hasCarry ? carries[slot] : nil)
  }

  /// From now on, means have a second double.
  func carry() { hasCarry = true }

  /// Groups rows by class, and makes room for the classes that are new.
  func group(_ labels: UnsafeBufferPointer<Int32>, in groups: inout RowGroups) {
    groups.assign(labels, to: &slots)
    grow()
  }

  /// The slots of some tokens; those that are new have n = 0.
  func slots(for tokens: [Int32]) -> [Int] {
    let found = tokens.map { slots.slot(for: $0) }
    grow()
    return found
  }

  private func grow() {
    let classes = slots.tokens.count
    centres.grow(to: classes)
    if hasCarry { carries.grow(to: classes) }
    let new = classes - counts.count
    counts += repeatElement(0, count: new)
    m2 += repeatElement(0, count: new)
  }

  /// The classes of some slots, as rows.
  func rows(_ chosen: ArraySlice<Int>) -> ClassRows {
    ClassRows(
      tokens: chosen.map { slots.tokens[$0] }, counts: chosen.map { counts[$0] }, m2: chosen.map { m2[$0] },
      means: gather(chosen, centres), carry: hasCarry ? gather(chosen, carries) : nil)
  }

  private func gather(_ chosen: ArraySlice<Int>, _ store: borrowing RowStore) -> Matrix {
    Matrix(rows: chosen.count, columns: dimension) { elements in
      guard var place = elements.baseAddress else { return }
      for slot in chosen {
        place.update(from: store[slot], count: dimension)
        place += dimension
      }
    }
  }
}
