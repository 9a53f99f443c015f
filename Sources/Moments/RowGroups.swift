/// The rows of one block grouped by class: a counting sort on the labels.
///
/// Groups are in order of their class's first row, rows within a group in stream order.
struct RowGroups {
  /// Slot of each group's class.
  private(set) var slots: [Int] = []
  /// Row numbers, group after group.
  private(set) var rows: [UInt32] = []
  /// Where each group starts in `rows`; one more entry for the end.
  private(set) var starts: [Int] = [0]

  /// Group of each slot in this block, or −1; kept between blocks to save clearing it.
  private var groupOfSlot: [Int32] = []
  private var groupOfRow: [Int32] = []

  var count: Int { slots.count }

  /// The row numbers of a group.
  func rows(of group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }

  mutating func assign(_ labels: UnsafeBufferPointer<Int32>, to table: inout TokenSlots) {
    for slot in slots { groupOfSlot[slot] = -1 }
    slots.removeAll(keepingCapacity: true)
    groupOfRow.removeAll(keepingCapacity: true)
    var sizes: [Int] = []
    for label in labels {
      let slot = table.slot(for: label)
      while slot >= groupOfSlot.count { groupOfSlot.append(-1) }
      if groupOfSlot[slot] < 0 {
        groupOfSlot[slot] = Int32(slots.count)
        slots.append(slot)
        sizes.append(0)
      }
      let group = groupOfSlot[slot]
      sizes[Int(group)] += 1
      groupOfRow.append(group)
    }
    starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    var next = starts
    rows = Array(repeating: 0, count: labels.count)
    for (row, group) in groupOfRow.enumerated() {
      rows[next[Int(group)]] = UInt32(row)
      next[Int(group)] += 1
    }
  }

  /// Cuts the groups into at most `parts` runs of about as many rows each.
  func balanced(into parts: Int) -> [Range<Int>] {
    let parts = max(1, min(parts, count))
    var ranges: [Range<Int>] = []
    var first = 0
    for part in 1...parts where first < count {
      let goal = rows.count * part / parts
      var end = first
      while end < count, starts[end] < goal || end == first { end += 1 }
      ranges.append(first..<end)
      first = end
    }
    return ranges
  }
}
